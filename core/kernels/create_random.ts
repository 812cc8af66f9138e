import type { Random } from "./random.ts";

const MASK = (1n << 64n) - 1n;

/** Output function of SplitMix64 (Steele, Lea, Flood 2014); a bijection of 64-bit words. */
function mix(word: bigint): bigint {
  let z = word;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/** FNV-1a, 64 bits, of a text's UTF-8 bytes. */
function hash(text: string): bigint {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = ((value ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  }
  return value;
}

/** xoshiro128** (Blackman, Vigna 2018), its state filled from a 64-bit seed by SplitMix64 as its authors advise. */
class Xoshiro128 implements Random {
  readonly #seed: bigint;
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  /** The second of the two normals that one polar draw yields. */
  #spare: number | null = null;

  constructor(seed: bigint) {
    this.#seed = seed;
    const first = mix((seed + 0x9e3779b97f4a7c15n) & MASK);
    const second = mix((seed + 2n * 0x9e3779b97f4a7c15n) & MASK);
    this.#a = Number(first & 0xffffffffn) | 0;
    this.#b = Number(first >> 32n) | 0;
    this.#c = Number(second & 0xffffffffn) | 0;
    this.#d = Number(second >> 32n) | 0;
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  #next(): number {
    const x = Math.imul(this.#b, 5);
    const word = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return word;
  }

  float(): number {
    const high = this.#next() >>> 5;
    return (high * 0x4000000 + (this.#next() >>> 6)) / 0x20000000000000;
  }

  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new RangeError(
        `Cannot draw an integer below ${n}: the bound must be an integer from 1 to 2^32`,
      );
    }
    // Words at or above the largest multiple of n are redrawn, so that no residue is favoured.
    const limit = 0x100000000 - (0x100000000 % n);
    let word = this.#next();
    while (word >= limit) word = this.#next();
    return word % n;
  }

  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    // Marsaglia's polar method: of the elementary functions it needs only log and sqrt.
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * this.float() - 1;
      y = 2 * this.float() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt(-2 * Math.log(square) / square);
    this.#spare = y * scale;
    return x * scale;
  }

  fork(label: string): Random {
    return new Xoshiro128(mix(this.#seed ^ mix(hash(label))));
  }
}

/**
 * Creates a seeded stream of pseudo-random numbers: xoshiro128** seeded through SplitMix64.
 *
 * @param seed Any safe integer.
 * @throws {RangeError} If `seed` is not a safe integer.
 *
 * @example Equal seeds give equal streams
 * ```ts
 * import { createRandom } from "./create_random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(createRandom(42).float(), createRandom(42).float());
 * ```
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `Cannot seed a random stream with ${seed}: the seed must be a safe integer`,
    );
  }
  return new Xoshiro128(BigInt.asUintN(64, BigInt(seed)));
}
