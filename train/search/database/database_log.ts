import { RecotemError } from "../../../core/errors.ts";
import { delay } from "../../../core/std/async.ts";
import {
  loggedTrial,
  outcomeAttributes,
  paramsOf,
  searchTrial,
} from "../stored_trial.ts";
import type {
  LoggedTrial,
  TakenTrial,
  TakeOptions,
  TrialChoice,
  TrialLog,
} from "../trial_log.ts";
import { failedOutcome } from "../failed_outcome.ts";
import type { TrialOutcome } from "../trial_job.ts";
import { type Database, DatabaseError, type Session } from "./database.ts";
import { beat, holdAbandoned, keepAlive } from "./heartbeats.ts";
import type { DatabaseLogOptions } from "./open_database_log.ts";
import {
  type DatabaseTrial,
  endInterrupted,
  endTrial,
  insertTrial,
  readTrials,
} from "./study_rows.ts";

/** How long a database that is away is waited for. */
const OUTAGE_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 1000;

/**
 * Keeps the trials of a search in a study of a database. What a call says is committed when it returns, or the database
 * is lost: then there is one warning, `study_storage_lost`, and the search goes on with what it has.
 *
 * In PostgreSQL several processes share a study. One holds the study's row while it draws and begins a trial; each gives
 * signs of life for its own. The trial of a process that is gone is begun once more by whoever finds it.
 */
export class DatabaseLog implements TrialLog {
  readonly #database: Database;
  readonly #study: number;
  readonly #options: Omit<DatabaseLogOptions, "identity">;
  readonly #shared: boolean;
  /** What the database was seen to have: by number in the search, the latest trial that counts. */
  readonly #trials = new Map<number, DatabaseTrial>();
  /** Every trial with a smaller id has ended. */
  #from = 0;
  /** Ids of the trials that this process runs. */
  readonly #own = new Set<number>();
  readonly #alive: Disposable | null;
  #lost = false;

  /** @param study Its id. */
  constructor(
    database: Database,
    study: number,
    options: Omit<DatabaseLogOptions, "identity">,
  ) {
    this.#database = database;
    this.#study = study;
    this.#options = options;
    this.#shared = database.dialect === "postgresql";
    this.#alive = this.#shared ? keepAlive(database, this.#own) : null;
  }

  get(number: number): LoggedTrial | null {
    const trial = this.#trials.get(number);
    return trial ? loggedTrial(trial) : null;
  }

  async take(
    number: number,
    { algorithm, choose }: TakeOptions,
  ): Promise<TakenTrial | null> {
    let chosen: { readonly choice: TrialChoice | null } | null = null;
    const options = {
      algorithm,
      // A transaction may have to be run again.
      choose: () => (chosen ??= { choice: choose() }).choice,
    };
    const ended = this.#ended(number, options);
    if (ended) return ended;
    const taken = await this.#write(async (session) => {
      if (this.#shared) await this.#holdStudy(session);
      await this.#read(session);
      return this.#ended(number, options) ??
        await this.#goOn(session, number, options) ??
        await this.#begin(session, number, options.choose());
    });
    return taken === "lost" ? this.#takeAlone(number, options) : taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#alive?.[Symbol.dispose]();
    await this.#database[Symbol.asyncDispose]();
  }

  #ended(
    number: number,
    { algorithm: find }: TakeOptions,
  ): TakenTrial | null {
    const outcome = this.get(number);
    const algorithm = outcome && find(outcome.algorithm);
    if (!algorithm) return null;
    return { type: "ended", algorithm, params: outcome.params, outcome };
  }

  /** Of a trial that runs: says who has it, or takes it over. */
  async #goOn(
    session: Session,
    number: number,
    options: TakeOptions,
  ): Promise<TakenTrial | null> {
    const choice = this.#running(number, options);
    if (choice === null) return null;
    const trial = this.#trials.get(number)!;
    // It was begun and nobody could say so.
    if (this.#own.has(trial.id)) {
      return this.#ownTrial(trial.id, choice);
    }
    if (!await holdAbandoned(session, trial.id)) {
      return { type: "elsewhere", ...choice };
    }
    this.#options.warn("study_trial_interrupted", { trial: trial.position });
    if ("retry_history" in trial.systemAttributes) {
      const outcome = failedOutcome("Two processes that ran it are gone");
      await this.#end(session, trial.id, outcome);
      return { type: "ended", ...choice, outcome };
    }
    await endInterrupted(session, trial.id, this.#options.now());
    return await this.#begin(session, number, choice, {
      failed_trial: trial.position,
      retry_history: [trial.position],
    });
  }

  async #begin(
    session: Session,
    number: number,
    choice: TrialChoice | null,
    systemAttributes: Readonly<Record<string, unknown>> = {},
  ): Promise<TakenTrial | null> {
    if (choice === null) return null;
    const id = await insertTrial(session, this.#study, {
      ...choice,
      number,
      systemAttributes,
      started: this.#options.now(),
    });
    if (this.#shared) await beat(session, id);
    this.#own.add(id);
    return this.#ownTrial(id, choice);
  }

  #ownTrial(id: number, choice: TrialChoice): TakenTrial {
    return {
      type: "own",
      ...choice,
      end: async (outcome) => {
        await this.#write((session) => this.#end(session, id, outcome));
        this.#own.delete(id);
      },
    };
  }

  #end(session: Session, id: number, outcome: TrialOutcome): Promise<void> {
    const { metric, now } = this.#options;
    return endTrial(session, id, {
      state: outcome.state,
      score: outcome.evaluation?.[metric] ?? null,
      curve: outcome.curve,
      attributes: { ...outcomeAttributes(outcome) },
      ended: now(),
    });
  }

  /** Without the database: what others run is not waited for. */
  #takeAlone(number: number, options: TakeOptions): TakenTrial | null {
    const running = this.#running(number, options);
    if (running) {
      const outcome = failedOutcome(
        "It ran elsewhere when the storage was lost",
      );
      return { type: "ended", ...running, outcome };
    }
    const choice = options.choose();
    return choice &&
      { type: "own", ...choice, end: () => Promise.resolve() };
  }

  #running(
    number: number,
    { algorithm: find }: TakeOptions,
  ): TrialChoice | null {
    const trial = this.#trials.get(number);
    const algorithm = trial?.state === "running" &&
      find(searchTrial(trial)!.algorithm);
    return algorithm ? { algorithm, params: paramsOf(trial) } : null;
  }

  async #holdStudy(session: Session): Promise<void> {
    await session.query(
      "SELECT study_id FROM studies WHERE study_id = $1 FOR UPDATE",
      [this.#study],
    );
  }

  /** Sees what others have written. */
  async #read(session: Session): Promise<void> {
    const trials = await readTrials(session, this.#study, this.#from);
    for (const trial of trials) {
      const number = searchTrial(trial)?.number;
      if (number === undefined) continue;
      if (trial.state === "running" || loggedTrial(trial)) {
        this.#trials.set(number, trial);
      } else if (this.#trials.get(number)?.id === trial.id) {
        this.#trials.delete(number);
      }
    }
    const open = trials.find(({ state }) => state === "running");
    const last = trials.at(-1);
    if (open ?? last) this.#from = open?.id ?? last!.id + 1;
  }

  /** Runs a transaction, again while the database is away; `lost` when it does not come back. */
  async #write<T>(
    work: (session: Session) => Promise<T>,
  ): Promise<T | "lost"> {
    const began = performance.now();
    while (!this.#lost) {
      try {
        return await this.#database.transaction(work);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        const waited = performance.now() - began;
        if (error.kind === "lost" && waited < OUTAGE_MILLISECONDS) {
          await delay(RETRY_MILLISECONDS, { signal: this.#options.signal });
        } else this.#lose(error);
      }
    }
    return "lost";
  }

  #lose(error: DatabaseError): void {
    const { name } = this.#database;
    if (this.#options.join) {
      throw new RecotemError(
        "search_error",
        `Lost ${name}, where trials are shared: ${error.message}; join again when it is back`,
        { cause: error },
      );
    }
    this.#lost = true;
    this.#options.warn("study_storage_lost", {
      storage: name,
      error: error.message,
    });
  }
}
