import { deadline as rejectLate } from "@std/async/deadline";
import { delay as wait } from "@std/async/delay";
import { pooledMap as mapPooled } from "@std/async/pool";

/** Rejects with a `TimeoutError` when a promise takes longer than `ms`; what it waits for goes on. */
export const deadline: <T>(promise: Promise<T>, ms: number) => Promise<T> =
  rejectLate;

/** Waits; rejects when the signal is aborted. */
export const delay: (
  ms: number,
  options?: { readonly signal?: AbortSignal },
) => Promise<void> = wait;

/** Maps with at most `limit` calls running at once; results come in the order of the input. */
export const pooledMap: <T, R>(
  limit: number,
  input: Iterable<T>,
  map: (value: T) => Promise<R>,
) => AsyncIterable<R> = mapPooled;
