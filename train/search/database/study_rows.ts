/**
 * Studies and trials in the tables of Optuna's `RDBStorage`.
 *
 * @module
 */
import {
  distributionOf,
  parseDistribution,
  valueOf,
} from "../journal/distribution.ts";
import { formatPythonJson, parsePythonJson } from "../journal/python_json.ts";
import { toInternal } from "../internal_value.ts";
import {
  ALGORITHM,
  SEARCH_NUMBER,
  storedName,
  type StoredTrial,
} from "../stored_trial.ts";
import type { PresentStudy } from "../study_identity.ts";
import type { TrialChoice } from "../trial_log.ts";
import {
  DatabaseError,
  type Row,
  type Session,
  type SqlValue,
} from "./database.ts";

/** A trial as a database has it. */
export interface DatabaseTrial extends StoredTrial {
  readonly id: number;
  /** Position in its study. */
  readonly position: number;
  readonly systemAttributes: Readonly<Record<string, unknown>>;
}

/** A trial that begins. */
export interface NewTrial extends TrialChoice {
  /** Its number in the search. */
  readonly number: number;
  readonly started: Date;
  readonly systemAttributes?: Readonly<Record<string, unknown>>;
}

/** How a trial ended. */
export interface TrialResult {
  readonly state: "complete" | "pruned" | "failed";
  /** Null when there is none. */
  readonly score: number | null;
  /** Score after each epoch that was scored; may hold NaN. */
  readonly curve: ReadonlyMap<number, number>;
  /** What else is kept with the trial; JSON values. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly ended: Date;
}

const STATES: Readonly<Record<string, StoredTrial["state"]>> = {
  RUNNING: "running",
  COMPLETE: "complete",
  PRUNED: "pruned",
  FAIL: "failed",
  WAITING: "waiting",
};
const DIRECTIONS = ["NOT_SET", "MINIMIZE", "MAXIMIZE"];
const NOT_FINITE: Readonly<Record<string, number>> = {
  INF_POS: Infinity,
  INF_NEG: -Infinity,
  NAN: NaN,
};

/** All studies, by their ids. */
export async function readStudies(
  session: Session,
): Promise<Map<number, PresentStudy>> {
  const [studies, directions, user, system] = await all(session, [
    "SELECT study_id AS id, study_name AS name FROM studies ORDER BY study_id",
    "SELECT study_id AS id, direction FROM study_directions ORDER BY objective",
    "SELECT study_id AS id, key, value_json FROM study_user_attributes",
    "SELECT study_id AS id, key, value_json FROM study_system_attributes",
  ]);
  return new Map(studies!.map(({ id, name }) => [Number(id), {
    name: String(name),
    directions: of(id, directions!).map(({ direction }) =>
      DIRECTIONS.indexOf(String(direction))
    ),
    userAttributes: attributesOf(of(id, user!)),
    systemAttributes: attributesOf(of(id, system!)),
  }]));
}

/** Makes a study and answers its id. */
export async function insertStudy(
  session: Session,
  { name, directions, userAttributes, systemAttributes }: PresentStudy,
): Promise<number> {
  const [row] = await session.query(
    "INSERT INTO studies (study_name) VALUES ($1) RETURNING study_id",
    [name],
  );
  const id = Number(row!.study_id);
  for (const [objective, direction] of directions.entries()) {
    await session.query(
      "INSERT INTO study_directions (direction, study_id, objective) VALUES ($1, $2, $3)",
      [DIRECTIONS[direction]!, id, objective],
    );
  }
  await insertAttributes(session, "study_user_attributes", id, userAttributes);
  await insertAttributes(
    session,
    "study_system_attributes",
    id,
    systemAttributes,
  );
  return id;
}

/** The trials of a study from this id on, by id. */
export async function readTrials(
  session: Session,
  study: number,
  from: number,
): Promise<DatabaseTrial[]> {
  const trials = "trials WHERE study_id = $1 AND trial_id >= $2";
  const theirs = `WHERE trial_id IN (SELECT trial_id FROM ${trials}) ORDER BY`;
  const [rows, user, system, params, steps] = await all(session, [
    `SELECT trial_id AS id, number, state FROM ${trials} ORDER BY trial_id`,
    `SELECT trial_id AS id, key, value_json FROM trial_user_attributes ${theirs} key`,
    `SELECT trial_id AS id, key, value_json FROM trial_system_attributes ${theirs} key`,
    `SELECT trial_id AS id, param_name, param_value, distribution_json FROM trial_params ${theirs} param_id`,
    `SELECT trial_id AS id, step, intermediate_value, intermediate_value_type FROM trial_intermediate_values ${theirs} step`,
  ], [study, from]);
  const [users, systems, parameters, curves] = [user, system, params, steps]
    .map((rows) => Map.groupBy(rows!, ({ id }) => id));
  return rows!.map(({ id, number, state }) => ({
    id: Number(id),
    position: Number(number),
    state: STATES[String(state)]!,
    userAttributes: attributesOf(users!.get(id) ?? []),
    systemAttributes: attributesOf(systems!.get(id) ?? []),
    params: Object.fromEntries((parameters!.get(id) ?? []).map(paramOf)),
    intermediateValues: new Map((curves!.get(id) ?? []).map(stepOf)),
  }));
}

/** Makes a trial that runs, and answers its id. The caller holds the study. */
export async function insertTrial(
  session: Session,
  study: number,
  { algorithm, params, number, started, systemAttributes = {} }: NewTrial,
): Promise<number> {
  const [row] = await session.query(
    "INSERT INTO trials (number, study_id, state, datetime_start) SELECT count(*), CAST($1 AS INTEGER), 'RUNNING', $2 FROM trials WHERE study_id = $1 RETURNING trial_id",
    [study, started],
  );
  const id = Number(row!.trial_id);
  await insertAttributes(session, "trial_user_attributes", id, {
    [ALGORITHM]: algorithm.name,
    [SEARCH_NUMBER]: number,
  });
  await insertAttributes(
    session,
    "trial_system_attributes",
    id,
    systemAttributes,
  );
  for (const [name, value] of Object.entries(params)) {
    const dimension = algorithm.space[name];
    const internal = dimension ? toInternal(dimension, value) : null;
    if (!dimension || internal === null) {
      throw new TypeError(
        `Cannot keep ${name} = ${value}: it must be in the space of ${algorithm.name}`,
      );
    }
    await session.query(
      "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES ($1, $2, $3, $4)",
      [
        id,
        storedName(algorithm.name, name),
        internal,
        JSON.stringify(distributionOf(dimension)),
      ],
    );
  }
  return id;
}

/** Ends a trial that runs; one that does not stays as it is. */
export async function endTrial(
  session: Session,
  id: number,
  { state, score, curve, attributes, ended }: TrialResult,
): Promise<void> {
  const [word] = Object.entries(STATES).find(([, each]) => each === state)!;
  const running = await session.query(
    "UPDATE trials SET state = $2, datetime_complete = $3 WHERE trial_id = $1 AND state = 'RUNNING' RETURNING trial_id",
    [id, word, ended],
  );
  if (running.length === 0) return;
  await insertAttributes(session, "trial_user_attributes", id, attributes);
  if (score !== null) {
    await session.query(
      "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES ($1, 0, $2, 'FINITE')",
      [id, score],
    );
  }
  for (const [step, value] of curve) {
    const [type, stored] = storedStep(value);
    await session.query(
      "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) VALUES ($1, $2, $3, $4)",
      [id, step, stored, type],
    );
  }
}

/** Ends a trial that ran when its process ended. */
export async function endInterrupted(
  session: Session,
  id: number,
  ended: TrialResult["ended"],
): Promise<void> {
  await endTrial(session, id, {
    state: "failed",
    score: null,
    curve: new Map(),
    attributes: { error: "Interrupted" },
    ended,
  });
}

async function insertAttributes(
  session: Session,
  table: string,
  owner: number,
  attributes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [column] = /^[a-z]+/.exec(table)!;
  for (const [key, value] of Object.entries(attributes)) {
    await session.query(
      `INSERT INTO ${table} (${column}_id, key, value_json) VALUES ($1, $2, $3)`,
      [owner, key, formatPythonJson(value)],
    );
  }
}

async function all(
  session: Session,
  statements: readonly string[],
  values: readonly SqlValue[] = [],
): Promise<(readonly Row[])[]> {
  const results: (readonly Row[])[] = [];
  for (const statement of statements) {
    results.push(await session.query(statement, values));
  }
  return results;
}

function of(owner: unknown, rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ id }) => id === owner);
}

function attributesOf(rows: readonly Row[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.map((row) => [row.key, parse(parsePythonJson, row.value_json)]),
  );
}

function parse<T>(parser: (text: string) => T, value: unknown): T {
  try {
    return parser(String(value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = "a row of it is not one that Optuna would write";
    throw new DatabaseError("other", message, { cause: error });
  }
}

function paramOf(row: Row): [string, unknown] {
  const distribution = parse(parseDistribution, row.distribution_json);
  return [
    String(row.param_name),
    valueOf(distribution, Number(row.param_value)),
  ];
}

function stepOf(row: Row): [number, number] {
  const value = NOT_FINITE[String(row.intermediate_value_type)] ??
    Number(row.intermediate_value);
  return [Number(row.step), value];
}

function storedStep(value: number): [type: string, value: number | null] {
  if (Number.isFinite(value)) return ["FINITE", value];
  const [type] = Object.entries(NOT_FINITE)
    .find(([, each]) => Object.is(each, value))!;
  return [type, null];
}
