import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { resolve } from "@std/path";
import { RecotemError } from "../../../core/errors.ts";
import type { Environment } from "../../../core/config/environment.ts";
import { permissionFlags } from "../../../core/recipe/permission_flags.ts";
import {
  type RecipePermissions,
  recipePermissions,
} from "../../../core/recipe/permissions.ts";
import { runScript } from "../run_script.ts";
import { parse, recipeText } from "./_helpers.ts";

const DIGEST = "a".repeat(64);

async function permissions(
  blocks: Record<string, string> = {},
  artifactRoot: string | null = null,
  env: Environment = new Map(),
): Promise<RecipePermissions> {
  return recipePermissions(await parse(recipeText(blocks)), {
    recipePath: "recipes/books.yaml",
    env,
    artifactRoot,
    lockFolder: "/tmp/recotem-locks",
  });
}

Deno.test("recipePermissions() names the files of a local recipe and its output folder", async () => {
  assertEquals(
    await permissions({
      source: "source: { type: csv, path: data/loans.csv }",
      item_metadata:
        "item_metadata: { type: csv, path: file:///srv/items.csv, fields: [a] }",
      output: "output: { path: out/books.recotem }",
    }),
    {
      read: [
        "/srv/items.csv",
        resolve("data/loans.csv"),
        resolve("out"),
        resolve("recipes/books.yaml"),
      ].sort(),
      write: [resolve("out")],
      net: [],
      env: ["RECOTEM_*"],
    },
  );
});

Deno.test("recipePermissions() names the folder of files that a pattern names", async () => {
  for (
    const [path, folder] of [
      ["data/loans-*.csv", "data"],
      ["*.csv", "."],
      ["file:///srv/loans/*", "/srv/loans"],
    ] as const
  ) {
    const { read } = await permissions({
      source: `source: { type: csv, path: "${path}" }`,
    });
    assert(read.includes(resolve(folder)), read.join());
    assert(!read.some((each) => each.includes("*")), read.join());
  }
});

Deno.test("recipePermissions() adds the artifact root for local outputs only", async () => {
  const output = (path: string) => ({ output: `output: { path: '${path}' }` });
  const local = await permissions(output("/srv/out/x"), "/srv");
  assertEquals(local.read.includes("/srv"), true);
  const remote = await permissions(output("s3://b/x"), "/srv");
  assertEquals(remote.read.includes("/srv"), false);
});

/** Source and output → hosts. */
const HOSTS: readonly [string, string, string[]][] = [
  ["a.csv", "x", []],
  ["https://example.org/a.csv", "x", ["example.org:443"]],
  ["http://example.org/a.csv", "x", ["example.org:80"]],
  ["https://example.org:8443/a.csv", "x", ["example.org:8443"]],
  ["HTTPS://EXAMPLE.org/a.csv", "x", ["example.org:443"]],
  ["s3://bucket/a.csv", "gs://b/x", [
    "bucket.s3.us-east-1.amazonaws.com:443",
    "metadata.google.internal:80",
    "storage.googleapis.com:443",
  ]],
  ["az://c@books/a.csv", "s3://bucket/x", [
    "books.blob.core.windows.net:443",
    "bucket.s3.us-east-1.amazonaws.com:443",
  ]],
  ["s3://bucket/a.csv", "s3://bucket/x", [
    "bucket.s3.us-east-1.amazonaws.com:443",
  ]],
];

for (const [source, output, hosts] of HOSTS) {
  Deno.test(`recipePermissions() names the hosts of ${source} and ${output}`, async () => {
    const { net } = await permissions({
      source: `source: { type: csv, path: '${source}', sha256: '${DIGEST}' }`,
      output: `output: { path: '${output}' }`,
    });
    assertEquals(net, hosts);
  });
}

Deno.test("recipePermissions() names the variables and files that say who asks an object store", async () => {
  const env = new Map([["GOOGLE_APPLICATION_CREDENTIALS", "/keys/a.json"]]);
  const granted = await permissions(
    {
      source: "source: { type: csv, path: 'gs://b/a.csv' }",
    },
    null,
    env,
  );
  assertEquals(granted.env, [
    "GCE_METADATA_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "RECOTEM_*",
    "STORAGE_EMULATOR_HOST",
  ]);
  assertEquals(granted.read.includes("/keys/a.json"), true);
  assertEquals(granted.net, [
    "oauth2.googleapis.com:443",
    "storage.googleapis.com:443",
  ]);
});

Deno.test("recipePermissions() writes a remote output's lock in the lock folder", async () => {
  const { read, write } = await permissions({
    source: `source: { type: csv, path: 'https://h/a', sha256: '${DIGEST}' }`,
    output: "output: { path: s3://b/x }",
  });
  assertEquals(write, ["/tmp/recotem-locks"]);
  assertEquals(
    read,
    ["/tmp/recotem-locks", resolve("recipes/books.yaml")].sort(),
  );
});

Deno.test("recipePermissions() covers the study's file or host", async () => {
  const storage = (path: string) =>
    permissions({
      training: `training: { algorithms: [TopPop], storage_path: '${path}' }`,
    });
  for (const name of ["a.db", "a.journal"]) {
    const { read, write, net } = await storage(`/s/${name}`);
    assertEquals(write.filter((path) => path.startsWith("/s")), [`/s/${name}`]);
    assertEquals(read.filter((path) => path.startsWith("/s")), [`/s/${name}`]);
    assertEquals(net, []);
  }
  const { write } = await storage("sqlite:////s/a.db");
  assertEquals(write.filter((path) => path.startsWith("/s")), ["/s/a.db"]);
  const server = await storage(
    "postgresql://h/db?sslmode=verify-full&sslrootcert=/s/ca.pem",
  );
  assertEquals(server.net, ["h:5432"]);
  assertEquals(server.env, ["PGAPPNAME", "RECOTEM_*"]);
  assertEquals(server.read.includes("/s/ca.pem"), true);
  assertEquals((await storage("postgres://h:5433/db")).net, ["h:5433"]);
  assertEquals((await storage("mysql://h:3307/db")).net, []);
});

const SQL =
  "source: { type: sql, dsn_env: RECOTEM_RECIPE_DB, query: 'SELECT 1' }";

/** DSN → what reading it needs beside the recipe and its output. */
const DATABASES: readonly [dsn: string, net: string[], read: string[]][] = [
  ["postgresql://u:p@db.example.org/shop", ["db.example.org:5432"], []],
  [
    "postgresql://u:p@db.example.org/shop?hostaddr=192.0.2.7&port=6000&sslrootcert=/etc/ca.pem",
    ["192.0.2.7:6000"],
    ["/etc/ca.pem"],
  ],
  ["postgresql://u:p@[2001:db8::1]/shop", ["[2001:db8::1]:5432"], []],
  ["mariadb://u:p@db:3307/shop", ["db:3307"], []],
  ["sqlite:////srv/shop.db", [], [
    "/srv/shop.db",
    "/srv/shop.db-journal",
    "/srv/shop.db-shm",
    "/srv/shop.db-wal",
  ]],
];

for (const [dsn, net, read] of DATABASES) {
  Deno.test(`recipePermissions() names the host or file of ${dsn} and no other`, async () => {
    const granted = await permissions(
      { source: SQL },
      null,
      new Map([["RECOTEM_RECIPE_DB", dsn]]),
    );
    assertEquals(granted.net, net);
    const own = (await permissions()).read.filter((path) =>
      !path.endsWith(".csv")
    );
    assertEquals(granted.read.filter((path) => !own.includes(path)), read);
    assertEquals(granted.write, (await permissions()).write);
  });
}

Deno.test("recipePermissions() refuses a recipe whose DSN is not set, with exit 3", async () => {
  const error = await assertRejects(
    () => permissions({ source: SQL }),
    RecotemError,
  );
  assertEquals(error.exitCode, 3);
});

Deno.test("recipePermissions() names BigQuery's two hosts and where tokens come from", async () => {
  const source = "source: { type: bigquery, query: 'SELECT 1' }";
  const granted = await permissions(
    { source },
    null,
    new Map([["GOOGLE_APPLICATION_CREDENTIALS", "/keys/a.json"]]),
  );
  assertEquals(granted.net, [
    "bigquery.googleapis.com:443",
    "bigquerystorage.googleapis.com:443",
    "oauth2.googleapis.com:443",
  ]);
  assert(granted.read.includes("/keys/a.json"));
  assertEquals(granted.env, [
    "BIGQUERY_EMULATOR_HOST",
    "BIGQUERY_STORAGE_EMULATOR_HOST",
    "GCE_METADATA_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_PROJECT",
    "RECOTEM_*",
  ]);
});

Deno.test("permissionFlags() grants what is listed and nothing else", async () => {
  const flags = permissionFlags({
    read: ["/srv/a b.csv", "/srv/out"],
    write: ["/srv/out"],
    net: ["*.example.org:443", "h:80"],
    env: ["RECOTEM_*"],
  });
  const query = (descriptor: Deno.PermissionDescriptor) =>
    `Deno.permissions.querySync(${
      JSON.stringify(descriptor)
    }).state === "granted"`;
  const asked: [Deno.PermissionDescriptor, boolean][] = [
    [{ name: "read", path: "/srv/a b.csv" }, true],
    [{ name: "read", path: "/srv/out/x" }, true],
    [{ name: "read", path: "/srv" }, false],
    [{ name: "write", path: "/srv/out/x" }, true],
    [{ name: "write", path: "/srv/a b.csv" }, false],
    [{ name: "net", host: "b.example.org:443" }, true],
    [{ name: "net", host: "b.example.org:80" }, false],
    [{ name: "net", host: "h:80" }, true],
    [{ name: "net", host: "h:443" }, false],
    [{ name: "env", variable: "RECOTEM_RECIPE_A" }, true],
    [{ name: "env", variable: "HOME" }, false],
    [{ name: "run" }, false],
    [{ name: "sys" }, false],
    [{ name: "ffi" }, false],
  ];
  const { stdout } = await runScript(
    `console.log(JSON.stringify([${asked.map(([ask]) => query(ask))}]))`,
    flags,
  );
  assertEquals(JSON.parse(stdout), asked.map(([, granted]) => granted));
});

Deno.test("permissionFlags() refuses a path that flags cannot hold", () => {
  assertThrows(
    () => permissionFlags({ read: ["/a,b"], write: [], net: [], env: [] }),
    RecotemError,
    'Path "/a,b" has a comma',
  );
});
