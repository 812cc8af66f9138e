/** Many texts as one run of UTF-8 bytes; text `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/** Encodes texts one after another. Lone surrogates become U+FFFD. */
export function encodeTexts(texts: Iterable<string>, count: number): Texts {
  const encoder = new TextEncoder();
  const offsets = new Uint32Array(count + 1);
  let bytes = new Uint8Array(Math.max(64, count * 16));
  let end = 0;
  let i = 0;
  for (const text of texts) {
    // A UTF-16 code unit takes at most three bytes.
    const need = end + text.length * 3;
    if (need > bytes.length) {
      const larger = new Uint8Array(Math.max(need, bytes.length * 2));
      larger.set(bytes.subarray(0, end));
      bytes = larger;
    }
    end += encoder.encodeInto(text, bytes.subarray(end)).written;
    if (end > 0xffffffff) {
      throw new RangeError("Texts take more than 4 GiB, must take less");
    }
    offsets[++i] = end;
  }
  return { bytes: bytes.slice(0, end), offsets };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes text `i`. */
export function decodeText({ bytes, offsets }: Texts, i: number): string {
  // A copy, because shared memory cannot be decoded.
  return decoder.decode(bytes.slice(offsets[i]!, offsets[i + 1]!));
}

/** Checks that offsets rise from 0 to the number of bytes and that every text is UTF-8. One linear pass. */
export function checkTexts(what: string, { bytes, offsets }: Texts): void {
  if (offsets.length === 0 || offsets[0] !== 0) {
    throw new RangeError(`Offsets of ${what} do not start with 0`);
  }
  for (let i = 1; i < offsets.length; i++) {
    const at = offsets[i]!;
    if (at < offsets[i - 1]! || at > bytes.length) {
      throw new RangeError(
        `Offset ${i} of ${what} is ${at}, must be from ${
          offsets[i - 1]
        } to ${bytes.length}`,
      );
    }
    // Bytes that are valid as a whole are valid in parts when no part starts with a continuation byte.
    if (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) {
      throw new RangeError(`Offset ${i} of ${what} is within a character`);
    }
  }
  const end = offsets[offsets.length - 1]!;
  if (end !== bytes.length) {
    throw new RangeError(
      `Offsets of ${what} end at ${end}, must end at ${bytes.length}`,
    );
  }
  const checker = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let from = 0; from < end; from += CHUNK) {
      checker.decode(bytes.slice(from, from + CHUNK), { stream: true });
    }
    checker.decode();
  } catch (cause) {
    throw new RangeError(`Bytes of ${what} are not UTF-8`, { cause });
  }
}

const CHUNK = 1 << 20;
