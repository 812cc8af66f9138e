import { assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { recotem } from "./recotem.ts";

/** Ten readers, each of three of five books. */
const LOANS = "reader,book\n" + Array.from(
  { length: 30 },
  (_, i) => `r${i % 10},b${(i % 10 + (i / 10 | 0)) % 5}\n`,
).join("");
const TITLES = "item_id,title\nb0,Emma\nb1,Ivanhoe\n";
const KEYS = `shop:${"5a".repeat(32)}`;
const ALLOWED = { RECOTEM_HTTP_ALLOW_PRIVATE: "1", RECOTEM_SIGNING_KEYS: KEYS };

/** A web server, and a folder with a recipe that reads from it. */
async function books(titles: string = TITLES): Promise<
  {
    folder: RecipeFolder;
    host: string;
    requests: string[];
    read?: Uint8Array<ArrayBuffer>;
  } & AsyncDisposable
> {
  const requests: string[] = [];
  const files: Record<string, string> = {
    "/loans.csv": LOANS,
    "/titles.csv": titles,
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      requests.push(pathname);
      const file = files[pathname] ??
        await Deno.readFile(folder.path + pathname).catch(() => null);
      return new Response(file, { status: file === null ? 404 : 200 });
    },
  );
  const host = `localhost:${server.addr.port}`;
  const sha256 = (text: string) =>
    createHash("sha256").update(text).digest("hex");
  const folder = await RecipeFolder.make(`
name: books
source: { type: csv, path: "http://${host}/loans.csv", sha256: ${
    sha256(LOANS)
  } }
schema: { user_column: reader, item_column: book }
item_metadata: { type: csv, path: "http://${host}/titles.csv", sha256: ${
    sha256(TITLES)
  }, fields: [title], on_field_missing: error }
training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.5 } }
output: { path: models/books.recotem }
`);
  return {
    folder,
    host,
    requests,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("recotem train reads interactions and item fields from the web, each once, and asks for what the recipe names", async () => {
  await using web = await books();
  const cwd = web.folder.path;
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd,
  });
  const granted = JSON.parse(out);
  assertEquals(granted.net, [web.host]);
  using audit = new Audit();
  const outcome = await recotem(["train", "books.yaml"], {
    cwd,
    env: { ...ALLOWED, ...audit.env },
  });
  assertEquals(outcome.code, 0, outcome.err);
  assertEquals(web.requests, ["/loans.csv", "/titles.csv"]);
  assertEquals(compareWithGrants(audit.asked(), granted, cwd), {
    refused: [],
    unused: [],
  });
});

Deno.test("recotem train exits with 7 for a host that is not on the public internet, and sends nothing", async () => {
  await using web = await books();
  const { code, err } = await recotem(["train", "books.yaml"], {
    cwd: web.folder.path,
    env: { RECOTEM_SIGNING_KEYS: KEYS },
  });
  assertEquals(code, 7);
  assertMatch(err, /Host localhost is at (127\.0\.0\.1|::1), a loopback/);
  assertMatch(err, /"code":"http_fetch_error"/);
  assertEquals(web.requests, []);
});

Deno.test("recotem train exits with 7 when the bytes are not those that the recipe pins", async () => {
  await using web = await books("item_id,title\nb0,Persuasion\n");
  const { code, err } = await recotem(["train", "books.yaml"], {
    cwd: web.folder.path,
    env: ALLOWED,
  });
  assertEquals(code, 7);
  assertMatch(err, /The sha256 of http:\/\/localhost:\d+\/titles\.csv is/);
});

Deno.test("recotem validate looks up the host of a source on the web, judges it and sends nothing", async () => {
  await using web = await books();
  const validate = (env: Record<string, string>) =>
    recotem(["validate", "books.yaml"], {
      cwd: web.folder.path,
      env: { RECOTEM_LOG_LEVEL: "warn", ...env },
    });
  const allowed = await validate({ RECOTEM_HTTP_ALLOW_PRIVATE: "yes" });
  assertEquals([allowed.code, allowed.err], [0, ""]);
  const refused = await validate({});
  assertEquals(refused.code, 7);
  assertMatch(refused.err, /^Error: Host localhost is at .*, a loopback/);
  assertEquals(web.requests, []);
});

Deno.test("recotem inspect reads an artifact and its pointer from the web, under the same guard", async () => {
  await using web = await books();
  const cwd = web.folder.path;
  await recotem(["train", "books.yaml"], { cwd, env: ALLOWED });
  const inspect = (env: Record<string, string>) =>
    recotem(["inspect", `http://${web.host}/models/books.recotem`], {
      cwd,
      env: { RECOTEM_SIGNING_KEYS: KEYS, RECOTEM_LOG_LEVEL: "warn", ...env },
    });
  const { code, out, err } = await inspect({ RECOTEM_HTTP_ALLOW_PRIVATE: "1" });
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^HMAC: OK {2}\(kid='shop'\)\n\{\n/);
  const refused = await inspect({});
  assertEquals(refused.code, 7);
  assertMatch(refused.err, /a loopback address/);
});
