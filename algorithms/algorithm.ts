/**
 * How a model is learned: the shape that every algorithm file has.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Random } from "../core/kernels/random.ts";
import type { Model } from "../core/models/model.ts";

/** What the search may draw for one parameter; ends included. */
export type Dimension =
  | {
    readonly type: "int";
    readonly low: number;
    readonly high: number;
    readonly log?: boolean;
  }
  | {
    readonly type: "float";
    readonly low: number;
    readonly high: number;
    readonly log?: boolean;
  }
  | {
    readonly type: "categorical";
    readonly choices: readonly (string | number | boolean)[];
  };

/** Parameter name → what the search may draw. Empty: there is nothing to search, one trial is enough. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

/** Extent of the matrix that a model would be fitted on. */
export interface MatrixShape {
  /** Rows. */
  readonly users: number;
  /** Columns. */
  readonly items: number;
  /** Stored values. */
  readonly nonZeros: number;
}

/** What a fit would take. */
export interface Cost {
  /** Peak memory beyond the matrix itself, in bytes. */
  readonly bytes: number;
  /** Multiply-adds, counted twice. */
  readonly flops: number;
}

/** Work that depends on the matrix alone, done once per search and used by every trial. */
export interface SharedWork {
  /** The value under `key`, made by `make` at the first call. */
  get<T>(key: string, make: () => T | Promise<T>): Promise<T>;
}

/** What a fit gets from its caller. */
export interface FitContext {
  /** What the numbers are worked out with. */
  readonly kernels: Kernels;
  /** The only source of randomness. */
  readonly random: Random;
  /** Stops the fit. */
  readonly signal: AbortSignal;
  /** Work that other fits of the same matrix may have done. */
  readonly shared: SharedWork;
  /** Tells the person who trains, such as that a parameter was clamped. */
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
  /**
   * Called by iterative learners after epoch `n` (from 1); `model` gives the model as it stands, valid until the next
   * epoch. Says whether to go on. Absent: run all epochs.
   */
  epoch?(n: number, model: () => Model): Promise<"go on" | "stop">;
}

/** Checks parameters and fills in their defaults. */
export interface ParamsSchema<P> {
  /** The parameters; throws an error that names the one that is wrong. */
  parse(value: unknown): P;
}

/** How an iterative learner is watched while the search fits it. */
export interface EpochRule {
  /** Name of the parameter that counts epochs. */
  readonly param: string;
  /** Most epochs. */
  readonly most: number;
  /** Epochs from one score to the next. */
  readonly between: number;
  /** Scores in a row that are no improvement, after which it has had enough. */
  readonly patience: number;
}

/** How a model is learned. One file per algorithm; nothing else about it lives elsewhere. */
export interface Algorithm<P = object> {
  /** Name as in the recipe, such as `IALS`. */
  readonly name: string;
  /** Other names that a recipe may use. */
  readonly aliases: readonly string[];
  /** Paper and URL. */
  readonly reference: string;
  /** Constructor parameters with their defaults; snake_case as in the original. */
  readonly params: ParamsSchema<P>;
  /** What the search may draw. */
  readonly space: SearchSpace;
  /** How the search learns the number of epochs, when the learner is iterative. */
  readonly epochs?: EpochRule;
  /** `dense`: its models have a weight for every pair of items, of which an artifact keeps the largest. */
  readonly weights?: "dense";
  /** Parameters that `fit` settles by the shape of the matrix, where they leave that to it; the header tells them. */
  settled?(shape: MatrixShape, params: P): Partial<P>;
  /** What `fit` would take. */
  cost(shape: MatrixShape, params: P): Cost;
  /** Learns a model of `matrix` (users × items). The model may use kernel memory; its tensors may not outlive `kernels`. */
  fit(matrix: Csr, params: P, context: FitContext): Promise<Model>;
}
