import type { SharedWork } from "../../algorithms/algorithm.ts";

/** Keeps each value from its first use to the end of the search; concurrent first uses make it once. */
export function createSharedWork(): SharedWork {
  const made = new Map<string, Promise<unknown>>();
  return {
    get<T>(key: string, make: () => T | Promise<T>): Promise<T> {
      let value = made.get(key);
      if (value === undefined) {
        value = Promise.resolve().then(make);
        made.set(key, value);
        // A failure belongs to the trial that asked; the next one may try again.
        value.catch(() => made.delete(key));
      }
      return value as Promise<T>;
    },
  };
}
