import type { EncodedTexts } from "./data_source.ts";
import type { TextCache } from "./text_cache.ts";

/** A column of texts that a source has as bytes; strings are made of them when somebody asks for them. */
export class EncodedTextColumn {
  readonly type = "text";
  readonly encoded: EncodedTexts;
  readonly #cache: TextCache;
  #values: (string | null)[] | undefined;

  /** A column of these texts; `cache` is that of the batches before, whose texts come again. */
  constructor(encoded: EncodedTexts, cache: TextCache) {
    this.encoded = encoded;
    this.#cache = cache;
  }

  /** The texts as strings; null where there is none. */
  get values(): readonly (string | null)[] {
    return this.#values ??= this.#decode();
  }

  #decode(): (string | null)[] {
    const { bytes, starts, ends, codes } = this.encoded;
    const texts = Array.from(
      starts,
      (start, text) =>
        start === ends[text]
          ? null
          : this.#cache.text(bytes, start, ends[text]!),
    );
    return codes === null
      ? texts
      : Array.from(codes, (code) => texts[code] ?? null);
  }
}
