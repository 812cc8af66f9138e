import { compareTexts } from "./_compare_texts.ts";
import type { Texts } from "./_texts.ts";

/** Groups of fewer texts are cheaper to sort by comparing them. */
const SMALL = 24;

/**
 * The texts' indices in ascending order of their bytes: a radix sort from the first byte on, since comparing half a
 * million ids twenty times each would take longer than reading the rows they come from.
 */
export function sortTexts(texts: Texts): Uint32Array {
  const { bytes, offsets } = texts;
  const order = Uint32Array.from({ length: offsets.length - 1 }, (_, i) => i);
  const moved = new Uint32Array(order.length);
  const starts = new Uint32Array(258);
  /** Groups of texts that are equal up to a depth: first, end, depth. */
  const groups = [0, order.length, 0];
  while (groups.length > 0) {
    const depth = groups.pop()!;
    const end = groups.pop()!;
    const first = groups.pop()!;
    if (end - first < SMALL) {
      insertionSort(texts, order, first, end);
      continue;
    }
    starts.fill(0);
    for (let i = first; i < end; i++) {
      starts[keyAt(bytes, offsets, order[i]!, depth) + 1]!++;
    }
    let next = first;
    for (let key = 0; key <= 256; key++) {
      const size = starts[key + 1]!;
      starts[key] = next;
      // Texts that end here are equal to each other.
      if (key > 0 && size > 1) groups.push(next, next + size, depth + 1);
      next += size;
    }
    for (let i = first; i < end; i++) {
      const text = order[i]!;
      moved[starts[keyAt(bytes, offsets, text, depth)]!++] = text;
    }
    order.set(moved.subarray(first, end), first);
  }
  return order;
}

/** Byte `depth` of a text, counted from 1; 0 where it has ended. */
function keyAt(
  bytes: Uint8Array,
  offsets: Uint32Array,
  text: number,
  depth: number,
): number {
  const at = offsets[text]! + depth;
  return at < offsets[text + 1]! ? bytes[at]! + 1 : 0;
}

function insertionSort(
  texts: Texts,
  order: Uint32Array,
  first: number,
  end: number,
): void {
  for (let i = first + 1; i < end; i++) {
    const text = order[i]!;
    let at = i;
    while (at > first && compareTexts(texts, order[at - 1]!, texts, text) > 0) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = text;
  }
}
