import { RecotemError } from "../errors.ts";

/** The error of a write that named another version than the one that is stored. */
export function contested(uri: string): RecotemError {
  return new RecotemError(
    "lock_contested",
    `${uri} was changed by another run since this one looked at it: run again once no other does`,
  );
}
