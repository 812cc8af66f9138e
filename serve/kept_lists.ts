import { flat } from "./flat.ts";

/** Most characters that are kept per model. */
const MAX_CHARACTERS = 8 * 2 ** 20;
/** More than the longest list. */
const LIMITS = 1024;

/**
 * The lists of known users as JSON, those asked for last: a model answers the same user with the same list for as long as
 * it serves. It belongs to one model and goes with it, so that no list outlives a swap.
 */
export class KeptLists {
  readonly #lists = new Map<number, string>();
  #characters = 0;

  /** The list of a user's index, as far as it is kept. */
  get(user: number, limit: number): string | undefined {
    return this.#lists.get(user * LIMITS + limit);
  }

  /** Keeps a list that is not kept; the oldest ones make room. */
  set(user: number, limit: number, json: string): void {
    this.#lists.set(user * LIMITS + limit, flat(json));
    this.#characters += json.length;
    for (const [oldest, { length }] of this.#lists) {
      if (this.#characters <= MAX_CHARACTERS) return;
      this.#lists.delete(oldest);
      this.#characters -= length;
    }
  }
}
