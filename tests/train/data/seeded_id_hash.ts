import { IdHash } from "../../../train/data/id_hash.ts";

/** A hash whose numbers follow from `seed`, by xorshift. */
export function seededIdHash(seed: number): IdHash {
  let state = seed;
  return new IdHash((numbers) => {
    for (let i = 0; i < numbers.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      numbers[i] = Math.imul(state, 0x2545f491);
    }
  });
}
