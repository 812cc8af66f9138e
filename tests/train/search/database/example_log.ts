/**
 * A log in an SQLite file of a folder of its own.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import type { Algorithm } from "../../../../algorithms/algorithm.ts";
import type { Database } from "../../../../train/search/database/database.ts";
import {
  type DatabaseLogOptions,
  openDatabaseLog,
} from "../../../../train/search/database/open_database_log.ts";
import { openSqlite } from "../../../../train/search/database/open_sqlite.ts";
import type { TrialOutcome } from "../../../../train/search/trial_job.ts";
import type {
  TakenTrial,
  TrialChoice,
  TrialLog,
} from "../../../../train/search/trial_log.ts";
import { scored } from "../../fixture.ts";
import { algorithm } from "../fixture.ts";

/** An algorithm with every kind of dimension. */
export const IALS: Algorithm = algorithm({
  name: "IALS",
  space: {
    n_components: { type: "int", low: 4, high: 300, log: true },
    reg: { type: "float", low: 1e-4, high: 0.1, log: true },
    loss: { type: "categorical", choices: ["a", "b ≥ é", true] },
  },
});

/** What a trial of it tries. */
export const CHOICE: TrialChoice = {
  algorithm: IALS,
  params: { n_components: 64, reg: 0.0012345678901234567, loss: "b ≥ é" },
};

/** How it ends. */
export const OUTCOME: TrialOutcome = {
  state: "complete",
  evaluation: scored(0.25),
  epochs: 10,
  curve: new Map([[5, 0.1], [10, 0.25], [15, NaN], [20, -Infinity]]),
  seconds: 1.5,
  error: null,
};

/** Another way to end. */
export const FAILED: TrialOutcome = {
  state: "failed",
  evaluation: null,
  epochs: null,
  curve: new Map(),
  seconds: 0.5,
  error: 'It diverged: "NaN" \\ \0 \n',
};

/** An SQLite file that is not there yet, in a folder that is removed. */
export async function newFile(): Promise<
  { readonly path: string } & AsyncDisposable
> {
  const folder = await Deno.makeTempDir();
  return {
    path: `${folder}/trials.db`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A file that Optuna wrote, after some more SQL. */
export async function optunaFile(
  more = "",
): Promise<{ readonly path: string } & AsyncDisposable> {
  const file = await newFile();
  const dump = new URL("testdata/optuna5.sql", import.meta.url);
  // Its rows come in another order than they refer to each other.
  const database = new DatabaseSync(file.path, {
    enableForeignKeyConstraints: false,
  });
  database.exec(await Deno.readTextFile(dump) + more);
  database.close();
  return file;
}

/** How the log of the recipe `shop` is opened; the clock shows a second more each time. */
export function logOptions(
  options: Partial<DatabaseLogOptions> = {},
): DatabaseLogOptions {
  let seconds = 0;
  return {
    identity: {
      name: "recotem_shop_1",
      recipe: "shop",
      fingerprint: "5f2b",
      metric: "ndcg@20",
    },
    metric: "ndcg",
    join: false,
    signal: new AbortController().signal,
    now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds++, 567)),
    warn() {},
    ...options,
  };
}

/** Opens the log of the recipe `shop`; `wrap` stands between it and the file. */
export async function openLog(
  path: string,
  options: Partial<DatabaseLogOptions> = {},
  wrap: (database: Database) => Database = (database) => database,
): Promise<TrialLog> {
  return await openDatabaseLog(
    wrap(await openSqlite(path)),
    logOptions(options),
  );
}

/** Takes a trial of {@linkcode IALS}; fails when it is not as expected. */
export async function take<Type extends TakenTrial["type"]>(
  log: TrialLog,
  number: number,
  type: Type,
  choose: () => TrialChoice | null = () => CHOICE,
): Promise<Extract<TakenTrial, { type: Type }>> {
  const taken = await log.take(number, {
    algorithm: (name) => name === IALS.name ? IALS : null,
    choose,
  });
  if (taken?.type !== type) {
    throw new Error(`Trial ${number} is ${taken?.type}`);
  }
  return taken as Extract<TakenTrial, { type: Type }>;
}
