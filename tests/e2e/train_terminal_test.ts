/** What a person sees of a search. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { NO_TERMINAL, TerminalRun } from "./terminal_run.ts";
import { ENDLESS, loansFolder, recipe } from "./train_run.ts";

function test(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: NO_TERMINAL === null ? name : `${name} (not run: ${NO_TERMINAL})`,
    ignore: NO_TERMINAL !== null,
    fn: run,
  });
}

const FACTS = String.raw`Run       books, r1
Data      \d+ interactions of \d+ users with \d+ items
Baseline  0\.\d{5} by popularity alone
Search    3 trials of CosineKNN, TopPop; 1 MiB each at most
`;

test("recotem train leaves the leaderboard and the artifact on a terminal of 80 columns", async () => {
  await using folder = await loansFolder();
  await using run = new TerminalRun(folder, 80, { flags: ["--run-id", "r1"] });
  const { code, text } = await run.end();
  assertEquals(code, 0, text);
  assertMatch(
    text,
    new RegExp(`^${FACTS}
  algorithm  ndcg@20  trials  seconds  parameters
  CosineKNN  \\d\\.\\d{5}       2 +\\d+\\.\\d  top_k=\\d+ .+
(?: {39}\\S.*\n)*  TopPop     \\d\\.\\d{5}       1 +\\d+\\.\\d

Artifact  models/books\\.[0-9a-f]+\\.recotem \\(0\\.0 MB, signed with key shop\\)
Report    \\S+\\.html$`),
  );
});

test("recotem train colours what it shows unless NO_COLOR is set", async () => {
  await using folder = await loansFolder();
  await using coloured = new TerminalRun(folder, 80, { env: { NO_COLOR: "" } });
  await coloured.end();
  assert(coloured.told.includes("\x1b[1m"), "there is no colour");
  await using plain = new TerminalRun(folder, 80);
  await plain.end();
  // deno-lint-ignore no-control-regex -- these must not be there
  assert(!/\x1b\[\d*m/.test(plain.told), "there is colour");
});

/** Asserts that the last lines are a search that runs, as wide as this, with its bar where there is room. */
function assertOneSearch(text: string, columns: number): void {
  const lines = text.split("\n");
  const first = lines.findIndex((line) =>
    /^ {2}.*\d+\/100000 trials, /.test(line)
  );
  const shown = lines.slice(first);
  assertEquals(/^ {2}\[-{20}\] /.test(shown[0]!), columns === 80, text);
  assertMatch(shown[1] ?? "", /^ {2}algorithm +ndcg@20 +trials +seconds$/);
  assertMatch(shown[2] ?? "", /^ {2}IALS +\d\.\d{5} +\d+ +\d+\.\d$/);
  assertMatch(shown[3] ?? "", /^ {2}running: IALS \d+\.\d s$/);
  assertEquals(shown.length, 4, text);
  assert(shown.every((line) => line.length < columns), text);
}

test("recotem train shows one search that runs, at 80 columns, at 40 and at 80 again; Ctrl-C leaves its best and how to go on", async () => {
  const training = ENDLESS.replace("{", "{ storage_path: trials.journal,");
  await using folder = await loansFolder(recipe({ training }));
  await using run = new TerminalRun(folder, 80, { flags: ["--run-id", "r1"] });
  await run.until(/\[-{20}\] \d+\/100000 trials, \d:\d\d, about/);
  for (const columns of [40, 80]) {
    await run.resize(columns);
    await run.shows((text) => assertOneSearch(text, columns));
  }
  await run.interrupt();
  const { code, text } = await run.end();
  assertEquals(code, 130, text);
  assertMatch(
    text,
    /\n\n {2}algorithm +ndcg@20 +trials +seconds +parameters\n {2}IALS +\d\.\d{5} .* n_components=\d+ (?:.*\n)+\nStopped by SIGINT; nothing was published\nTo go on: recotem train books\.yaml --run-id r1$/,
  );
  assertEquals(text.match(/algorithm /g)?.length, 1, text);
});

for (
  const [what, flags, env] of [
    ["RECOTEM_LOG_FORMAT=json", [], { RECOTEM_LOG_FORMAT: "json" }],
    ["RECOTEM_LOG_FORMAT=console", [], { RECOTEM_LOG_FORMAT: "console" }],
    ["RECOTEM_LOG_LEVEL=debug", [], { RECOTEM_LOG_LEVEL: "debug" }],
    ["--quiet", ["--quiet"], {}],
    ["--verbose", ["--verbose"], {}],
  ] as const
) {
  test(`recotem train writes its events on a terminal with ${what}`, async () => {
    await using folder = await loansFolder();
    await using run = new TerminalRun(folder, 80, { flags, env });
    const { code, text } = await run.end();
    assertEquals(code, 0, text);
    assertEquals(/\btrial_done\b/.test(text), what !== "--quiet");
    assertMatch(text, /\btrain_done\b/);
    // The runtime clears its own first line otherwise.
    assert(!run.told.includes("\r\x1b["), JSON.stringify(run.told));
  });
}
