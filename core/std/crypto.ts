import { timingSafeEqual } from "@std/crypto/timing-safe-equal";

/** Compares two byte strings in time that depends on their length only. */
export const equalInConstantTime: (a: Uint8Array, b: Uint8Array) => boolean =
  timingSafeEqual;
