import type { Random } from "../../../../core/kernels/random.ts";

const WORDS = 624;
const OFFSET = 397;

/**
 * The Mersenne Twister as `numpy.random.RandomState(seed)` uses it: equal seeds give equal numbers.
 *
 * Matsumoto, Nishimura, Mersenne Twister, ACM TOMACS 8 (1998); seeded as in the authors' revision of 2002.
 */
export class Mt19937 implements Pick<Random, "float"> {
  readonly #state = new Uint32Array(WORDS);
  #next = WORDS;

  /**
   * @param seed Integer from 0 to 2³² - 1.
   * @throws {RangeError} If it is not.
   */
  constructor(seed: number) {
    if (seed !== seed >>> 0) {
      throw new RangeError(
        `Cannot seed MT19937 with ${seed}: the seed must be an integer from 0 to 4294967295`,
      );
    }
    let word = seed;
    for (let n = 0; n < WORDS; n++) {
      this.#state[n] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + n + 1) >>> 0;
    }
  }

  /** Uniform in [0, 1), 53 bits: numpy's `random_sample`. */
  float(): number {
    const high = this.#word() >>> 5;
    return (high * 0x4000000 + (this.#word() >>> 6)) / 0x20000000000000;
  }

  #word(): number {
    if (this.#next === WORDS) this.#refill();
    let word = this.#state[this.#next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let n = 0; n < WORDS; n++) {
      const joined = (state[n]! & 0x80000000) |
        (state[(n + 1) % WORDS]! & 0x7fffffff);
      state[n] = state[(n + OFFSET) % WORDS]! ^ (joined >>> 1) ^
        (joined & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
