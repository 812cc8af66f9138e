/**
 * The process that answers many users: one artifact in, one file out.
 *
 * Runs with `--allow-read` for the artifact's folder, the users, the recipe, the folder of the file and the modules of
 * its workers, `--allow-write` for the file and the two beside it that it grows in, `--allow-net` for object stores and
 * `--allow-env=RECOTEM_*`.
 *
 * @module
 */
import { readerKeys } from "../artifact/reader_keys.ts";
import { RECOMMEND } from "../core/config/commands.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import type { Events } from "../core/config/events.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import type { Variables } from "../core/config/variables.ts";
import { RecotemError } from "../core/errors.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import { checkServing } from "../core/recipe/check_serving.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { createStore } from "../core/storage/create_store.ts";
import type { Store } from "../core/storage/store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { createFormat } from "./formats/create_format.ts";
import { type OpenedModel, openModel } from "./open_model.ts";
import { PartialFile } from "./partial_file.ts";
import { ProgressTeller } from "./progress.ts";
import { RankingPool } from "./ranking_pool.ts";
import { recommendUsers } from "./recommend_users.ts";
import { readSettings, type RecipeFile, type Settings } from "./settings.ts";
import { userBlocks } from "./user_blocks.ts";
import { type WantedLists, wantedLists } from "./wanted_lists.ts";

const READ = [
  "RECOTEM_MAX_ARTIFACT_BYTES",
  "RECOTEM_MAX_PAYLOAD_BYTES",
  "RECOTEM_METADATA_FIELD_DENY",
  "RECOTEM_LOG_FORMAT",
  "RECOTEM_LOG_LEVEL",
] as const;

/** Rows of a block, and so of a row group, at most. */
const BLOCK_ROWS = 131_072;
/** Users of a block at most: what a kill throws away. */
const BLOCK_USERS = 8192;

/** What the run works with. */
interface Context {
  readonly store: Store;
  readonly events: Events;
  readonly variables: Pick<Variables, typeof READ[number]>;
}

async function answer(settings: Settings): Promise<string> {
  const started = performance.now();
  const events = startLogging(Deno.env, { unknownFormat: "refuse" });
  const keys = readerKeys(settings.allowUnsigned, Deno.env, events);
  const variables = readVariables(Deno.env, READ, events);
  const store = createStore(
    storesFromEnv(Deno.env, {
      maxDownloadBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
      events,
    }),
  );
  const context = { store, events, variables };
  const recipe = settings.recipe && await readRecipe(settings.recipe, events);
  const lists = wantedLists(settings, recipe?.serving ?? null);
  const model = await openModel(store, settings.artifact, {
    keys,
    ...(recipe && { recipeName: recipe.name }),
    maxArtifactBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
    maxPayloadBytes: variables.RECOTEM_MAX_PAYLOAD_BYTES,
    events,
  });
  const table = visibleFields(model, variables);
  if (recipe) checkServing(recipe.serving, table);
  const fields = settings.metadata ? table?.fields ?? [] : [];
  using file = await PartialFile.open(settings.out, {
    artifact: model.digest,
    users: await identityOf(settings, store),
    ...lists,
    fields,
    format: settings.format,
  });
  const { users: start } = file.progress;
  events.info("recommend_started", {
    recipe: model.header.recipe_name,
    trained_at: model.header.trained_at,
    out: settings.out,
    ...(start > 0 && { resumed_after_users: start }),
  });
  await answerUsers(settings, lists, { model, file, fields }, context);
  const { users, unknown, rows, bytes } = file.progress;
  if (unknown > 0) {
    const answered = lists.popular ? "popular" : "not at all";
    events.warn("users_unknown", { unknown, users, answered });
  }
  const seconds = (performance.now() - started) / 1000;
  events.info("recommend_done", { users, unknown, rows, bytes, seconds });
  return `${settings.out}: ${rows} rows for ${users} users, ${unknown} unknown\n`;
}

async function answerUsers(
  { users, format }: Settings,
  { options, popular }: WantedLists,
  { model, file, fields }: {
    readonly model: OpenedModel;
    readonly file: PartialFile;
    readonly fields: readonly string[];
  },
  { store, events, variables }: Context,
): Promise<void> {
  const { recommender, shared } = model;
  const { items, table, users: known } = recommender;
  const { users: start } = file.progress;
  using pool = await RankingPool.start(
    shared,
    options,
    navigator.hardwareConcurrency,
  );
  const progress = new ProgressTeller({
    total: users === null ? known.size : null,
    start,
    events,
    terminal: showsLine(variables) ? write : null,
    now: () => performance.now(),
  });
  try {
    const size = Math.ceil(Math.min(BLOCK_USERS, BLOCK_ROWS / options.limit));
    await recommendUsers({
      users: userBlocks(users, { store, known, skip: start, size }),
      recommender,
      pool,
      format: createFormat(format, {
        ...{ items, table, fields, tellsFallback: popular },
      }),
      file,
      popular: popular ? options : null,
      onBlock: () => progress.tell(file.progress.users),
    });
  } finally {
    progress.end();
  }
}

/** The item fields that a server would answer, and let requests name. */
function visibleFields(
  { recommender: { table } }: OpenedModel,
  { RECOTEM_METADATA_FIELD_DENY: denied }: Context["variables"],
): ItemTable | null {
  return table?.without((field) => denied.includes(field.toLowerCase())) ??
    null;
}

/** Loaded when it is asked for only: reading recipes takes longer than all else of a start. */
async function readRecipe(
  { path, envVars }: RecipeFile,
  events: Events,
): Promise<Recipe> {
  const { loadRecipe } = await import("../core/recipe/load_recipe.ts");
  return await loadRecipe(path, {
    env: Deno.env,
    envOverrides: parseEnvOverrides(envVars),
    artifactRoot: null,
    readOnly: true,
    sourcePlugins: "any",
    events,
  });
}

/** What tells one list of users from another. */
async function identityOf(
  { users }: Settings,
  store: Store,
): Promise<unknown> {
  if (users === null) return "all";
  try {
    const version = await store.stat(users.uri);
    if (version === null) throw new Error("there is no such file");
    return { ...users, marker: version.marker };
  } catch (error) {
    throw new RecotemError(
      "datasource_error",
      `Cannot read the users of ${users.uri}: ${
        error instanceof Error ? error.message : String(error)
      }`,
      { cause: error },
    );
  }
}

function showsLine(
  { RECOTEM_LOG_FORMAT, RECOTEM_LOG_LEVEL }: Context["variables"],
): boolean {
  return RECOTEM_LOG_FORMAT !== "json" &&
    ["debug", "info"].includes(RECOTEM_LOG_LEVEL) && Deno.stderr.isTerminal();
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

/**
 * Answers users.
 *
 * @param argv The arguments of `recotem recommend`, `--help` not among them.
 * @returns The exit code; errors are written to standard error.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(RECOMMEND, argv);
    if (args === "help") return 0;
    const summary = await answer(readSettings(args));
    await Deno.stdout.write(new TextEncoder().encode(summary));
    return 0;
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    write(text);
    return exitCode;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
