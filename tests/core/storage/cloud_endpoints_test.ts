import { assert, assertEquals } from "@std/assert";
import { generateKeyPairSync, verify } from "node:crypto";
import { permissionFlags } from "../../../core/recipe/permission_flags.ts";
import { uriPermissions } from "../../../core/storage/uri_permissions.ts";
import { CertificateAuthority } from "./certificates.ts";
import { inOwnNetwork, temporaryFile } from "./own_network.ts";

const STORES = import.meta.resolve(
  "../../../core/storage/stores_from_env.ts",
);
const CREATE = import.meta.resolve("../../../core/storage/create_store.ts");

/** Writes and then reads each URI. */
const CLIENT = `import { createStore } from "${CREATE}";
import { storesFromEnv } from "${STORES}";
const events = { debug() {}, info() {}, warn() {}, error() {} };
const store = createStore(storesFromEnv(Deno.env, { maxDownloadBytes: 1, events }));
for (const uri of Deno.args) {
  await store.write(uri, [Uint8Array.of(1)]);
  const { marker } = await store.stat(uri);
  console.log(uri, marker);
}`;

const NAMES = [
  "bucket.s3.eu-central-1.amazonaws.com",
  "storage.googleapis.com",
  "oauth2.googleapis.com",
  "books.blob.core.windows.net",
];

/** All the clouds on one machine: answers every request as far as the client needs, and prints what was asked. */
const CLOUDS = `
const { cert, key, command, env } = JSON.parse(Deno.args[0]);
const seen = [];
async function answer(request) {
  const url = new URL(request.url);
  seen.push({
    request: request.method + " " + request.url,
    authorization: request.headers.get("authorization"),
    flavor: request.headers.get("metadata-flavor"),
    body: await request.text(),
  });
  if (/token$/.test(url.pathname)) return Response.json({ access_token: "granted", expires_in: 3600 });
  if (url.hostname === "storage.googleapis.com") return Response.json({ generation: "7", size: "1" });
  return new Response(null, { headers: { etag: '"7"', "content-length": "0" } });
}
const quiet = { hostname: "127.0.0.1", onListen() {} };
Deno.serve({ ...quiet, port: 443, cert, key }, answer);
Deno.serve({ ...quiet, port: 80 }, answer);
const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: command, env }).output();
const decoder = new TextDecoder();
console.log(JSON.stringify({ out: decoder.decode(stdout), err: decoder.decode(stderr), seen }));
Deno.exit();
`;

interface Seen {
  readonly request: string;
  readonly authorization: string | null;
  readonly flavor: string | null;
  readonly body: string;
}

/** What the clouds were asked when a process that holds the permissions for `uri`, and no others, wrote and looked. */
async function visit(
  t: Deno.TestContext,
  uri: string,
  env: Readonly<Record<string, string>>,
): Promise<{ out: string; seen: Seen[] } | null> {
  await using authority = await CertificateAuthority.make();
  if (authority === null) {
    await t.step({ name: "there is no openssl", ignore: true, fn() {} });
    return null;
  }
  await using ca = await temporaryFile("ca.pem", authority.cert);
  await using client = await temporaryFile("client.ts", CLIENT);
  await using clouds = await temporaryFile("clouds.ts", CLOUDS);
  const names = NAMES.map((name) => `DNS:${name}`).join(",");
  const permissions = uriPermissions(uri, new Map(Object.entries(env)));
  const outcome = await inOwnNetwork(t, {
    addresses: [],
    hosts: `127.0.0.1 ${NAMES.join(" ")} metadata.google.internal\n`,
  }, [
    Deno.execPath(),
    ...["run", "-A", "--no-config", clouds.path],
    JSON.stringify({
      ...await authority.certify(names),
      env,
      command: [
        "run",
        "--quiet",
        "--config=deno.json",
        "--no-check",
        `--cert=${ca.path}`,
        ...permissionFlags({
          ...permissions,
          write: [],
          env: [...permissions.env, "RECOTEM_*"],
        }),
        client.path,
        uri,
      ],
    }),
  ]);
  if (outcome === null) return null;
  assertEquals(outcome.err, "");
  const { out, err, seen } = JSON.parse(outcome.out);
  assertEquals(err, "");
  return { out, seen };
}

Deno.test("S3Store asks Amazon's own host, of the bucket and the region", async (t) => {
  const visited = await visit(t, "s3://bucket/a b", {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
  });
  if (visited === null) return;
  assertEquals(visited.out, 's3://bucket/a b "7"\n');
  assertEquals(visited.seen.map(({ request }) => request), [
    "PUT https://bucket.s3.eu-central-1.amazonaws.com/a%20b",
    "HEAD https://bucket.s3.eu-central-1.amazonaws.com/a%20b",
  ]);
  for (const { authorization } of visited.seen) {
    assert(authorization?.startsWith("AWS4-HMAC-SHA256 Credential=AKID"));
  }
});

Deno.test("AzureStore asks Azure's own host, of the account", async (t) => {
  const visited = await visit(t, "abfss://container/a", {
    AZURE_STORAGE_ACCOUNT_NAME: "books",
    AZURE_STORAGE_ACCOUNT_KEY: "a2V5",
  });
  if (visited === null) return;
  assertEquals(visited.seen.map(({ request }) => request), [
    "PUT https://books.blob.core.windows.net/container/a",
    "HEAD https://books.blob.core.windows.net/container/a",
  ]);
  for (const { authorization } of visited.seen) {
    assert(authorization?.startsWith("SharedKey books:"));
  }
});

Deno.test("GcsStore exchanges a statement that the service account's key signed for a token, once", async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  await using file = await temporaryFile(
    "key.json",
    JSON.stringify({
      type: "service_account",
      client_email: "trainer@books.example",
      private_key: privateKey,
      token_uri: "https://elsewhere.example/token",
    }),
  );
  const visited = await visit(t, "gs://bucket/a/b", {
    GOOGLE_APPLICATION_CREDENTIALS: file.path,
  });
  if (visited === null) return;
  assertEquals(visited.out, "gs://bucket/a/b 7\n");
  assertEquals(visited.seen.map(({ request }) => request), [
    "POST https://oauth2.googleapis.com/token",
    "POST https://storage.googleapis.com/upload/storage/v1/b/bucket/o?uploadType=media&name=a%2Fb&fields=generation",
    "GET https://storage.googleapis.com/storage/v1/b/bucket/o/a%2Fb?fields=generation%2Csize",
  ]);
  assertEquals(
    visited.seen.slice(1).map(({ authorization }) => authorization),
    ["Bearer granted", "Bearer granted"],
  );
  const form = new URLSearchParams(visited.seen[0]!.body);
  assertEquals(
    form.get("grant_type"),
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
  );
  const [head, claims, signature] = form.get("assertion")!.split(".");
  const { iss, aud, iat, exp } = JSON.parse(decode(claims!));
  assertEquals(decode(head!), '{"alg":"RS256","typ":"JWT"}');
  assertEquals(
    [iss, aud, exp - iat],
    ["trainer@books.example", "https://oauth2.googleapis.com/token", 3600],
  );
  assert(verify(
    "RSA-SHA256",
    new TextEncoder().encode(`${head}.${claims}`),
    publicKey,
    Uint8Array.fromBase64(signature!, { alphabet: "base64url" }),
  ));
});

Deno.test("GcsStore exchanges a user's refresh token", async (t) => {
  await using file = await temporaryFile(
    "key.json",
    JSON.stringify({
      type: "authorized_user",
      client_id: "id",
      client_secret: "secret",
      refresh_token: "refresh",
    }),
  );
  const visited = await visit(t, "gs://bucket/a", {
    GOOGLE_APPLICATION_CREDENTIALS: file.path,
  });
  if (visited === null) return;
  const form = new URLSearchParams(visited.seen[0]!.body);
  assertEquals(Object.fromEntries(form), {
    grant_type: "refresh_token",
    client_id: "id",
    client_secret: "secret",
    refresh_token: "refresh",
  });
});

Deno.test("GcsStore asks the machine's metadata server where there is no key file", async (t) => {
  const visited = await visit(t, "gs://bucket/a", {});
  if (visited === null) return;
  const { request, flavor } = visited.seen[0]!;
  assertEquals(
    request,
    "GET http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token",
  );
  assertEquals(flavor, "Google");
  assertEquals(visited.seen[1]!.authorization, "Bearer granted");
});

function decode(base64url: string): string {
  return new TextDecoder().decode(
    Uint8Array.fromBase64(base64url, { alphabet: "base64url" }),
  );
}
