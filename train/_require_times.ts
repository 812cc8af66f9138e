import { RecotemError } from "../core/errors.ts";

/** The times, which a split by time cannot do without. */
export function requireTimes(times: Float64Array | null): Float64Array {
  if (times) return times;
  throw new RecotemError(
    "split_error",
    "A split by time needs schema.time_column",
  );
}
