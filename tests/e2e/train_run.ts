/**
 * Runs of `recotem train` over the real command line.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { RecipeFolder } from "../cli/recipe_folder.ts";
import { LOANS, TITLES } from "../train/loans.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** The variable that holds the key of {@linkcode KEYS}. */
export const ENV: Readonly<Record<string, string>> = {
  NO_COLOR: "1",
  RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
};

/** Lines of a recipe; each can be replaced. */
const LINES = {
  name: "name: books",
  source: "source: { type: csv, path: data/loans.csv }",
  schema: "schema: { user_column: reader, item_column: book, time_column: at }",
  cleansing: "cleansing: {}",
  training:
    "training: { algorithms: [CosineKNN, TopPop], n_trials: 3, split: { heldout_ratio: 0.3 } }",
  output: "output: { path: models/books.recotem }",
};

/** Settings of a search that is over at once. */
export const QUICK =
  "training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.3 } }";

/** Settings of a search that takes far longer than any test. */
export const ENDLESS =
  "training: { algorithms: [IALS], n_trials: 100000, split: { heldout_ratio: 0.3 } }";

/** The text of a recipe; `lines` replace single ones. */
export function recipe(
  lines: Partial<Record<keyof typeof LINES, string>> = {},
): string {
  return Object.values({ ...LINES, ...lines }).join("\n") + "\n";
}

/** What {@linkcode previousModel} leaves below `models`. */
const PREVIOUS: Readonly<Record<string, string>> = {
  "books.recotem": "books.00000000.recotem\n",
  "books.00000000.recotem": "the previous model",
};

/** A folder with the loans and their recipe, `books.yaml`. */
export async function loansFolder(
  text: string = recipe(),
): Promise<RecipeFolder> {
  const folder = await RecipeFolder.make(text);
  await folder.write("data/loans.csv", LOANS);
  await folder.write("data/titles.csv", TITLES);
  return folder;
}

/** Puts a pointer and the file that it names where a run will publish; no server would take them, no run reads them. */
export async function previousModel(folder: RecipeFolder): Promise<void> {
  await Deno.mkdir(`${folder.path}/models`, { recursive: true });
  for (const [name, text] of Object.entries(PREVIOUS)) {
    await folder.write(`models/${name}`, text);
  }
}

/** Asserts that below `models` there is what {@linkcode previousModel} left and nothing else but the lock. */
export async function assertUntouched(
  folder: RecipeFolder,
  alsoThere: readonly string[] = [],
): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(`${folder.path}/models`)))
    .map(({ name }) => name)
    .filter((name) => name !== "books.recotem.lock");
  assertEquals(
    names.toSorted(),
    [...Object.keys(PREVIOUS), ...alsoThere].toSorted(),
  );
  for (const [name, text] of Object.entries(PREVIOUS)) {
    assertEquals(
      await Deno.readTextFile(`${folder.path}/models/${name}`),
      text,
    );
  }
}

/** One event of a run. */
export type Told = Readonly<Record<string, unknown>>;

/** How a run ended. */
export interface TrainOutcome {
  readonly code: number;
  readonly out: string;
  /** What was written to standard error, one event a line; a line that is none fails the test. */
  readonly events: readonly Told[];
}

/** How a run is started. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments, which run the command line that follows them. */
  readonly through?: readonly string[];
}

/** `recotem train books.yaml` in the folder, as it runs. */
export function startTraining(
  folder: RecipeFolder,
  flags: readonly string[] = [],
  { env = ENV, through = [] }: RunOptions = {},
): Deno.ChildProcess {
  const [program, ...args] = [
    ...through,
    Deno.execPath(),
    "run",
    "-A",
    MAIN,
    "train",
    "books.yaml",
    ...flags,
  ];
  return new Deno.Command(program!, {
    args,
    cwd: folder.path,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A process group of its own, as a shell gives to each job.
    detached: true,
  }).spawn();
}

/** The events of a run as they are told. */
export async function* eventsOf(
  process: Deno.ChildProcess,
): AsyncGenerator<Told> {
  let text = "";
  for await (
    const part of process.stderr.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (text + part).split("\n");
    text = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
  assertEquals(text, "");
}

/** Runs `recotem train books.yaml` in the folder. */
export async function trainBooks(
  folder: RecipeFolder,
  flags: readonly string[] = [],
  options: RunOptions = {},
): Promise<TrainOutcome> {
  const process = startTraining(folder, flags, options);
  const [events, out, { code }] = await Promise.all([
    Array.fromAsync(eventsOf(process)),
    new Response(process.stdout).text(),
    process.status,
  ]);
  return { code, out, events };
}

/** The names of events, in order. */
export function namesOf(events: readonly Told[]): unknown[] {
  return events.map(({ event }) => event);
}

/** A run that must be refused. */
export interface Refusal extends RunOptions {
  readonly flags?: readonly string[];
  readonly code: string;
  readonly exit: number;
  /** What the message must say. */
  readonly says: RegExp;
  /** What nothing that is written may hold. */
  readonly secrets?: readonly string[];
}

/** Asserts that a run tells of one error, in one line and at last, and returns it. */
export async function assertRefused(
  folder: RecipeFolder,
  { flags, code, exit, says, secrets = [], ...options }: Refusal,
): Promise<Told> {
  const outcome = await trainBooks(folder, flags, options);
  const { events } = outcome;
  for (const secret of secrets) {
    assert(!JSON.stringify(outcome).includes(secret), `It tells ${secret}`);
  }
  const errors = events.filter(({ event }) => event === "train_error");
  assertEquals(errors.length, 1, JSON.stringify(events));
  const error = errors[0]!;
  assertEquals(
    [error.code, error.exit_code, error.level],
    [code, exit, "error"],
  );
  assertEquals(events.at(-1), error);
  assert(!namesOf(events).includes("train_done"));
  assertMatch(String(error.error), /^Error: [^\n]+$/);
  assertMatch(String(error.error), says);
  assertMatch(String(error.trained_at), /^\d{4}-\d\d-\d\dT.*Z$/);
  assertEquals([outcome.code, outcome.out], [exit, ""]);
  return error;
}
