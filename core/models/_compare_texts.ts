import type { Texts } from "./_texts.ts";

/** Below zero, zero or above, as text `a` of `left` stands before text `b` of `right`, is equal or stands after it. */
export function compareTexts(
  left: Texts,
  a: number,
  right: Texts,
  b: number,
): number {
  const start = left.offsets[a]!;
  const other = right.offsets[b]!;
  return compareBytes(
    left.bytes,
    start,
    left.offsets[a + 1]! - start,
    right.bytes,
    other,
    right.offsets[b + 1]! - other,
  );
}

/** The same of two ranges of bytes. */
export function compareBytes(
  left: Uint8Array,
  leftStart: number,
  leftLength: number,
  right: Uint8Array,
  rightStart: number,
  rightLength: number,
): number {
  const length = Math.min(leftLength, rightLength);
  for (let i = 0; i < length; i++) {
    const difference = left[leftStart + i]! - right[rightStart + i]!;
    if (difference !== 0) return difference;
  }
  return leftLength - rightLength;
}
