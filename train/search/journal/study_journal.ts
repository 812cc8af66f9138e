import type { SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Params } from "../draw.ts";
import { toInternal } from "../internal_value.ts";
import { ALGORITHM, storedName } from "../stored_trial.ts";
import { distributionOf } from "./distribution.ts";
import type { Attributes, Entry } from "./entry.ts";
import {
  type JournalStudy,
  type JournalTrial,
  TRIAL_STATES,
} from "./journal_study.ts";
import type { JournalWriter } from "./journal_writer.ts";

/** A trial that begins. */
export interface TrialStart {
  /** Name of the algorithm. */
  readonly algorithm: string;
  readonly space: SearchSpace;
  /** Values in the space. */
  readonly params: Params;
}

/** How a trial ended. */
export interface TrialEnd {
  readonly state: "complete" | "pruned" | "failed";
  /** Null when there is none. */
  readonly score: number | null;
  /** Score after each epoch that was scored; may hold NaN. Default: none. */
  readonly curve?: ReadonlyMap<number, number>;
  /** What else is to be kept with the trial; JSON values. */
  readonly attributes?: Attributes;
}

/**
 * A study in an Optuna journal file: it can go on after a crash, and optuna-dashboard shows it. What a call says is on the
 * medium when it returns. Names of parameters have their algorithm before them, `IALS.reg`, because a study knows one
 * distribution per name. `openStudyJournal` makes it.
 */
export class StudyJournal {
  readonly #study: JournalStudy;
  readonly #writer: JournalWriter;
  readonly #now: () => Date;

  /** @param study What the writer's journal holds of the study. */
  constructor(study: JournalStudy, writer: JournalWriter, now: () => Date) {
    this.#study = study;
    this.#writer = writer;
    this.#now = now;
  }

  /** All trials of the study, by number; they change with the calls that follow. */
  get trials(): readonly JournalTrial[] {
    return this.#study.trials;
  }

  /**
   * Begins a trial.
   *
   * @returns Its number.
   * @throws {TypeError} If a parameter is not in the space.
   */
  async begin({ algorithm, space, params }: TrialStart): Promise<number> {
    const parameters = Object.entries(params).map(([name, value]) => {
      const dimension = space[name];
      const internal = dimension ? toInternal(dimension, value) : null;
      if (!dimension || internal === null) {
        throw new TypeError(
          `Cannot keep ${name} = ${value}: it must be in the space of ${algorithm}`,
        );
      }
      return {
        param_name: storedName(algorithm, name),
        param_value_internal: internal,
        distribution: JSON.stringify(distributionOf(dimension)),
      };
    });
    let id = 0;
    await this.#writer.write(({ nextTrialId }) => {
      id = nextTrialId;
      return [
        {
          op_code: 4,
          study_id: this.#study.id,
          datetime_start: timestamp(this.#now()),
        },
        { op_code: 8, trial_id: id, user_attr: { [ALGORITHM]: algorithm } },
        ...parameters.map((parameter): Entry => ({
          op_code: 5,
          trial_id: id,
          ...parameter,
        })),
      ];
    });
    return this.#study.trials.find((trial) => trial.id === id)!.number;
  }

  /** Ends a running trial. */
  end(
    trial: number,
    { state, score, curve = new Map(), attributes = {} }: TrialEnd,
  ): Promise<void> {
    const trial_id = this.#study.trials[trial]!.id;
    return this.#writer.write(() => [
      ...Array.from(curve, ([step, intermediate_value]): Entry => ({
        op_code: 7,
        trial_id,
        step,
        intermediate_value,
      })),
      ...Object.entries(attributes).map(([name, value]): Entry => ({
        op_code: 8,
        trial_id,
        user_attr: { [name]: value },
      })),
      {
        op_code: 6,
        trial_id,
        state: TRIAL_STATES.indexOf(state),
        values: score === null ? null : [score],
        datetime_complete: timestamp(this.#now()),
      },
    ]);
  }
}

/** With microseconds and an offset, as Optuna 5.0 writes it. */
function timestamp(time: Date): string {
  return time.toISOString().replace("Z", "000+00:00");
}
