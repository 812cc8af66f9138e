/** `recotem evaluate` over the real command line, in its sandbox. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { recotem } from "../cli/recotem.ts";
import { ENV, loansFolder, recipe, trainBooks } from "./train_run.ts";

const SERVED = recipe({
  output:
    "output: { path: models/books.recotem }\nserving: { include_seen: true }",
});

Deno.test("recotem evaluate prints what each default costs, as a table or JSON, and writes nothing", async () => {
  await using folder = await loansFolder(SERVED);
  assertEquals((await trainBooks(folder)).code, 0);
  async function files(): Promise<string[]> {
    const entries = await Array.fromAsync(
      Deno.readDir(`${folder.path}/models`),
    );
    return entries.map(({ name }) => name).sort();
  }
  const before = await files();
  const options = { cwd: folder.path, env: ENV };
  const table = await recotem(["evaluate", "books.yaml"], options);
  assertEquals(table.code, 0, table.err);
  assertMatch(table.out, /^books: \w+Recommender, lists of \d+ for 40 users\n/);
  assertMatch(table.out, /\nplain +0\.\d{4} +[01]\.\d{4} +[\d.]+ %\n/);
  assertMatch(table.out, /\ninclude_seen +0\.\d{4} +-0\.\d{4} +-0\.\d{4} to /);
  const json = await recotem(["evaluate", "books.yaml", "--json"], options);
  const { scores } = JSON.parse(json.out);
  assertEquals(scores.map(({ name }: { name: string }) => name), [
    "plain",
    "include_seen",
  ]);
  assert(scores[1].change.ndcg < 0);
  assertEquals(await files(), before);
});

Deno.test("recotem evaluate says in one line that there is no model yet: exit 5", async () => {
  await using folder = await loansFolder(SERVED);
  const { code, out, err } = await recotem(["evaluate", "books.yaml"], {
    cwd: folder.path,
    env: { ...ENV, RECOTEM_LOG_LEVEL: "error" },
  });
  assertEquals([code, out], [5, ""]);
  assertMatch(err, /^Error: [^\n]*books\.recotem[^\n]*\n$/);
});
