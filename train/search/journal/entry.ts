/** Attributes by name; JSON values. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * One line of an Optuna journal, 4.9 to 5.0, without `worker_id`, the name of its writer. Lines that create carry no id:
 * a study's counts the studies before it, a trial's the trials of all studies.
 */
export type Entry =
  | CreateStudy
  | { readonly op_code: 1; readonly study_id: number }
  | {
    readonly op_code: 2;
    readonly study_id: number;
    readonly user_attr: Attributes;
  }
  | {
    readonly op_code: 3;
    readonly study_id: number;
    readonly system_attr: Attributes;
  }
  | CreateTrial
  | SetParameter
  | SetState
  | SetIntermediateValue
  | {
    readonly op_code: 8;
    readonly trial_id: number;
    readonly user_attr: Attributes;
  }
  | {
    readonly op_code: 9;
    readonly trial_id: number;
    readonly system_attr: Attributes;
  }
  /** Another program's; Optuna passes it over. */
  | { readonly op_code: 10 };

/** A new study; void when one of that name is there. */
export interface CreateStudy {
  readonly op_code: 0;
  readonly study_name: string;
  /** 1: minimise, 2: maximise. */
  readonly directions: readonly number[];
}

/** A new trial, which runs unless it comes with another state. */
export interface CreateTrial {
  readonly op_code: 4;
  readonly study_id: number;
  /** ISO 8601. */
  readonly datetime_start?: string | null;
  readonly datetime_complete?: string | null;
  readonly state?: number;
  readonly value?: number | null;
  readonly values?: readonly number[] | null;
  /** Internal values. */
  readonly params?: Readonly<Record<string, number>>;
  /** JSON texts. */
  readonly distributions?: Readonly<Record<string, string>>;
  /** Step → value. */
  readonly intermediate_values?: Readonly<Record<string, number>>;
  readonly user_attrs?: Attributes;
  readonly system_attrs?: Attributes;
}

/** A parameter of a trial. */
export interface SetParameter {
  readonly op_code: 5;
  readonly trial_id: number;
  readonly param_name: string;
  /** A categorical one is the index of its choice. */
  readonly param_value_internal: number;
  /** JSON text. */
  readonly distribution: string;
}

/** The state of a trial. */
export interface SetState {
  readonly op_code: 6;
  readonly trial_id: number;
  /** 0 running, 1 complete, 2 pruned, 3 failed, 4 waiting. */
  readonly state: number;
  readonly values: readonly number[] | null;
  readonly datetime_start?: string | null;
  readonly datetime_complete?: string | null;
}

/** A value of a trial while it runs. */
export interface SetIntermediateValue {
  readonly op_code: 7;
  readonly trial_id: number;
  readonly step: number;
  readonly intermediate_value: number;
}
