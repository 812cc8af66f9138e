import type { Params } from "./draw.ts";

/** What a sampler is told of one trial of its study. */
export interface StudyTrial {
  /** Position in the study, from 0; the order in which trials were asked for. */
  readonly number: number;
  readonly state: "running" | "complete" | "pruned" | "failed";
  readonly params: Params;
  /** The higher, the better; null while there is none. */
  readonly score: number | null;
  /** Score after each epoch that was scored; NaN where it could not be told. */
  readonly curve: ReadonlyMap<number, number>;
}
