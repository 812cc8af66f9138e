import {
  brotliDecompressSync,
  gunzipSync,
  zstdDecompressSync,
} from "node:zlib";
import type { Compressors } from "hyparquet";
import { decompressLz4, decompressLz4Raw } from "hyparquet-compressors";

/**
 * Codecs of Parquet pages beside Snappy, which the reader brings. Each stops at the length that the page header
 * declares; that length has been checked before.
 */
export const COMPRESSORS: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: length }),
  BROTLI: (input, length) =>
    brotliDecompressSync(input, { maxOutputLength: length }),
  ZSTD: (input, length) =>
    zstdDecompressSync(input, { maxOutputLength: length }),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};
