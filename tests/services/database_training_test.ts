import { assert, assertEquals, assertMatch } from "@std/assert";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "../cli/recipe_folder.ts";
import { recotem } from "../cli/recotem.ts";
import { fillTable, SQL_SUBJECTS } from "./sql_subjects.ts";
import { startBqemulator } from "./bqemulator.ts";
import { withAnswerTables } from "./answer_tables.ts";

const KEYS = `shop:${"5a".repeat(32)}`;

function recipe(source: string): string {
  return `
name: books
source: ${source}
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.5 } }
output: { path: models/books.recotem }
`;
}

/** Trains in the sandbox; what was asked for must be what was granted. */
async function trains(
  source: string,
  host: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  await using folder = await RecipeFolder.make(recipe(source));
  const env = { ...variables, RECOTEM_SIGNING_KEYS: KEYS };
  const options = { cwd: folder.path, env };
  const { out } = await recotem(
    ["permissions", "books.yaml", "--json"],
    options,
  );
  const granted = JSON.parse(out);
  assertEquals(granted.net, host);
  const valid = await recotem(["validate", "books.yaml"], options);
  assertEquals(valid.code, 0, valid.err);
  using audit = new Audit();
  const { code, err } = await recotem(["train", "books.yaml"], {
    ...options,
    env: { ...env, ...audit.env },
  });
  assertEquals(code, 0, err);
  assertMatch(err, /"n_rows":30/);
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
  return valid.err + err;
}

const LOANS = {
  reader: Array.from({ length: 30 }, (_, i) => `r${i % 10}`),
  book: Array.from({ length: 30 }, (_, i) => `b${(i + (i / 10 | 0)) % 5}`),
};

for (const [kind, start] of Object.entries(SQL_SUBJECTS)) {
  Deno.test(`recotem train reads ${kind} and asks for the host of its DSN and nothing else; its events hold no password`, async () => {
    await using subject = await start();
    await fillTable(subject, "loans", LOANS);
    const { host, port, password } = subject.server;
    const said = await trains(
      "{ type: sql, dsn_env: RECOTEM_RECIPE_DB, query: 'SELECT reader, book FROM loans' }",
      [`${host}:${port}`],
      { RECOTEM_RECIPE_DB: subject.dsn(), RECOTEM_SQL_ALLOW_PRIVATE: "1" },
    );
    assert(!said.includes(password));
    assert(!said.includes(encodeURIComponent(password)));
  });
}

Deno.test("recotem train reads BigQuery and asks for its hosts and nothing else", async () => {
  await using server = await withAnswerTables(await startBqemulator());
  const rows = LOANS.reader.map((reader, i) =>
    `STRUCT("${reader}" AS reader, "${LOANS.book[i]}" AS book)`
  );
  const { BIGQUERY_EMULATOR_HOST, BIGQUERY_STORAGE_EMULATOR_HOST } = server.env;
  const said = await trains(
    `{ type: bigquery, query: 'SELECT * FROM UNNEST([${rows.join(", ")}])' }`,
    [BIGQUERY_EMULATOR_HOST!, BIGQUERY_STORAGE_EMULATOR_HOST!].sort(),
    server.env,
  );
  assertMatch(said, /"bigquery_estimate"/);
});
