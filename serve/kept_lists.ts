import { flat } from "./flat.ts";

/** Most characters that are kept per model. */
const MAX_CHARACTERS = 8 * 2 ** 20;
/** More than the longest list. */
const LIMITS = 1024;

/**
 * The lists of known users as JSON: a model answers the same user with the same list for as long as it serves. It belongs
 * to one model and goes with it, so that no list outlives a swap.
 *
 * What is kept stays; when it is full, nothing more is taken. Lists that made room for others would be garbage that has
 * grown old, which is dear to collect, and the users who ask most come early.
 */
export class KeptLists {
  readonly #lists = new Map<number, string>();
  #room = MAX_CHARACTERS;

  /** The list of a user's index, as far as it is kept. */
  get(user: number, limit: number): string | undefined {
    return this.#lists.get(user * LIMITS + limit);
  }

  /** Keeps a list that is not kept, while there is room. */
  set(user: number, limit: number, json: string): void {
    if (json.length > this.#room) return;
    this.#room -= json.length;
    this.#lists.set(user * LIMITS + limit, flat(json));
  }
}
