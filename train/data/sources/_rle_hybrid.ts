/** Wider values would not fit beside the rest of a byte in 32 bits. */
const MAX_WIDTH = 24;

/**
 * Decodes `into.length` values of `width` bits from Parquet's mixture of runs and packed bits in `bytes[from .. to]`.
 * Throws `Error` when the bytes end before, or for more than 24 bits.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  from: number,
  to: number,
  width: number,
  into: Int32Array,
): void {
  if (width > MAX_WIDTH) {
    throw new Error(
      `a page has values of ${width} bits, more than ${MAX_WIDTH}`,
    );
  }
  if (width === 0) return;
  const mask = (1 << width) - 1;
  const runBytes = (width + 7) >> 3;
  let at = from;
  let filled = 0;
  while (filled < into.length) {
    let header = 0;
    for (let shift = 0;; shift += 7) {
      if (at >= to || shift > 28) throw cutOff();
      const byte = bytes[at++]!;
      header |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    header >>>= 0;
    const count = header >>> 1;
    if ((header & 1) === 0) {
      if (at + runBytes > to) throw cutOff();
      let value = 0;
      for (let i = 0; i < runBytes; i++) value |= bytes[at++]! << (8 * i);
      const end = Math.min(into.length, filled + count);
      into.fill(value, filled, end);
      filled = end;
      continue;
    }
    const end = Math.min(into.length, filled + count * 8);
    // The last group may be cut off behind the last value that counts.
    if (at + Math.ceil((end - filled) * width / 8) > to) throw cutOff();
    const next = at + count * width;
    let bits = 0;
    let held = 0;
    while (filled < end) {
      while (held < width) {
        bits |= bytes[at++]! << held;
        held += 8;
      }
      into[filled++] = bits & mask;
      bits >>>= width;
      held -= width;
    }
    at = next;
  }
}

function cutOff(): Error {
  return new Error("a page ends before its values");
}
