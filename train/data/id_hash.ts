/** Bytes that are hashed at once. */
const PLACES = 12;

/**
 * Hashes of ids by tabulation: each byte selects a random number from the table of its place, and these are joined by
 * exclusive or. Who chooses ids without knowing the numbers cannot make them collide, and looking one up by linear
 * probing takes constant time on average (Pătraşcu and Thorup, The Power of Simple Tabulation Hashing, 2012).
 */
export class IdHash {
  readonly #numbers: Int32Array;

  /** @param fill Fills an array with random bits. */
  constructor(fill: (numbers: Int32Array<ArrayBuffer>) => void) {
    const numbers = new Int32Array(256 * PLACES);
    fill(numbers);
    this.#numbers = numbers;
  }

  /** The hash of 12 bytes, four to a word. */
  ofWords(first: number, second: number, third: number): number {
    const numbers = this.#numbers;
    return numbers[first & 255]! ^ numbers[256 | first >>> 8 & 255]! ^
      numbers[512 | first >>> 16 & 255]! ^ numbers[768 | first >>> 24]! ^
      numbers[1024 | second & 255]! ^ numbers[1280 | second >>> 8 & 255]! ^
      numbers[1536 | second >>> 16 & 255]! ^ numbers[1792 | second >>> 24]! ^
      numbers[2048 | third & 255]! ^ numbers[2304 | third >>> 8 & 255]! ^
      numbers[2560 | third >>> 16 & 255]! ^ numbers[2816 | third >>> 24]!;
  }

  /** The hash of the bytes at `from` to `to`, of which there are eight or more: of each eight with the hash before. */
  ofBytes(view: DataView, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at += 8) {
      // The last eight may overlap those before, which is cheaper than to take them apart.
      const place = Math.min(at, to - 8);
      const first = view.getInt32(place, true);
      hash = this.ofWords(hash, first, view.getInt32(place + 4, true));
    }
    return hash;
  }
}
