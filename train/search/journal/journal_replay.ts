import { isCompatible, parseDistribution, valueOf } from "./distribution.ts";
import type {
  Attributes,
  CreateTrial,
  Entry,
  SetParameter,
  SetState,
} from "./entry.ts";
import {
  type JournalStudy,
  type JournalTrial,
  TRIAL_STATES,
} from "./journal_study.ts";

interface Study extends JournalStudy {
  userAttributes: Attributes;
  systemAttributes: Attributes;
  readonly trials: Trial[];
}

interface Trial extends JournalTrial {
  readonly study: Study;
  state: JournalTrial["state"];
  values: JournalTrial["values"];
  params: JournalTrial["params"];
  distributions: JournalTrial["distributions"];
  userAttributes: Attributes;
  systemAttributes: Attributes;
  readonly intermediateValues: Map<number, number>;
  started: Date | null;
  ended: Date | null;
}

/**
 * The studies that the entries of a journal amount to, by the rules of Optuna's `JournalStorage`: what is said of a
 * study that is not there or of a trial that has ended is void, and so is a parameter whose distribution is of another
 * kind than in an earlier trial of its study.
 */
export class JournalReplay {
  /** By id; null when deleted. */
  readonly #studies: (Study | null)[] = [];
  /** By id. */
  readonly #trials: Trial[] = [];

  /** Studies that were not deleted, in the order of their creation. They change with the entries that follow. */
  get studies(): readonly JournalStudy[] {
    return this.#studies.filter((study) => study !== null);
  }

  /** The id of the study that is created next. */
  get nextStudyId(): number {
    return this.#studies.length;
  }

  /** The id of the trial that is created next. */
  get nextTrialId(): number {
    return this.#trials.length;
  }

  /** @throws {SyntaxError} If a distribution, a state or a time cannot be read; nothing has changed then. */
  apply(entry: Entry): void {
    switch (entry.op_code) {
      case 0:
        return this.#createStudy(entry.study_name, entry.directions);
      case 1:
        if (this.#studies[entry.study_id]) this.#studies[entry.study_id] = null;
        return;
      case 2:
      case 3:
        return setAttributes(this.#studies[entry.study_id], entry);
      case 4:
        return this.#createTrial(entry);
      case 5:
        return setParameter(this.#running(entry.trial_id), entry);
      case 6:
        return setState(this.#running(entry.trial_id), entry);
      case 7:
        this.#running(entry.trial_id)?.intermediateValues
          .set(entry.step, entry.intermediate_value);
        return;
      case 8:
      case 9:
        return setAttributes(this.#running(entry.trial_id), entry);
    }
  }

  #createStudy(name: string, directions: readonly number[]): void {
    if (this.#studies.some((study) => study?.name === name)) return;
    this.#studies.push({
      id: this.#studies.length,
      name,
      directions,
      userAttributes: {},
      systemAttributes: {},
      trials: [],
    });
  }

  #createTrial(entry: CreateTrial): void {
    const study = this.#studies[entry.study_id];
    if (!study) return;
    const distributions = mapValues(
      entry.distributions ?? {},
      parseDistribution,
    );
    const trial: Trial = {
      study,
      id: this.#trials.length,
      number: study.trials.length,
      state: stateOf(entry.state ?? 0),
      values: entry.values ?? (entry.value == null ? null : [entry.value]),
      params: mapValues(entry.params ?? {}, (internal, name) => {
        const distribution = distributions[name];
        if (distribution) return valueOf(distribution, internal);
        throw new SyntaxError(`${name} has no distribution`);
      }),
      distributions,
      intermediateValues: new Map(
        Object.entries(entry.intermediate_values ?? {})
          .map(([step, value]) => [Number(step), value]),
      ),
      userAttributes: entry.user_attrs ?? {},
      systemAttributes: entry.system_attrs ?? {},
      started: timeOf(entry.datetime_start),
      ended: timeOf(entry.datetime_complete),
    };
    this.#trials.push(trial);
    study.trials.push(trial);
  }

  /** A trial that has not ended. */
  #running(id: number): Trial | null {
    const trial = this.#trials[id];
    const open = trial?.state === "running" || trial?.state === "waiting";
    return open ? trial : null;
  }
}

function setAttributes(
  target: Pick<Trial, "userAttributes" | "systemAttributes"> | null | undefined,
  entry: { user_attr: Attributes } | { system_attr: Attributes },
): void {
  if (!target) return;
  if ("user_attr" in entry) {
    target.userAttributes = { ...target.userAttributes, ...entry.user_attr };
  } else {
    target.systemAttributes = {
      ...target.systemAttributes,
      ...entry.system_attr,
    };
  }
}

function setParameter(trial: Trial | null, entry: SetParameter): void {
  if (!trial) return;
  const { param_name: name, param_value_internal: internal } = entry;
  const distribution = parseDistribution(entry.distribution);
  const earlier = trial.study.trials.find(({ params }) =>
    Object.hasOwn(params, name)
  )
    ?.distributions[name];
  if (earlier && !isCompatible(earlier, distribution)) return;
  trial.params = { ...trial.params, [name]: valueOf(distribution, internal) };
  trial.distributions = { ...trial.distributions, [name]: distribution };
}

function setState(trial: Trial | null, entry: SetState): void {
  if (!trial) return;
  const state = stateOf(entry.state);
  if (state === "running") {
    if (trial.state === "running") return;
    trial.started = timeOf(entry.datetime_start);
  } else if (state !== "waiting") {
    trial.ended = timeOf(entry.datetime_complete);
  }
  trial.state = state;
  trial.values = entry.values ?? trial.values;
}

function stateOf(code: number): JournalTrial["state"] {
  const state = TRIAL_STATES[code];
  if (!state) throw new SyntaxError(`${code} is not the state of a trial`);
  return state;
}

function timeOf(text: string | null | undefined): Date | null {
  if (text == null) return null;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new SyntaxError(`${text} is not a time`);
  }
  return time;
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
