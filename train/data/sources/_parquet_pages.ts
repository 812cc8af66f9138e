import { snappyUncompress } from "hyparquet";
import type { CompressionCodec, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/column";
import { COMPRESSORS } from "./_parquet_compressors.ts";
import { decodeHybrid } from "./_rle_hybrid.ts";

/** The values of one page, without its nulls. */
export interface ParquetPage {
  readonly kind: "dictionary" | "coded" | "plain";
  /** Rows with nulls; of a dictionary its values. */
  readonly rows: number;
  /** Values that are there. */
  readonly values: number;
  /** For each row 1 where it has a value; null where all have. */
  readonly present: Int32Array | null;
  /** The values, as the kind of the page writes them. */
  readonly bytes: Uint8Array;
}

/**
 * The pages of a flat column chunk, decompressed. `checkPages` must have passed it. Returns undefined when a page has
 * an encoding other than plain values and codes of a dictionary.
 */
export function parquetPages(
  chunk: ArrayBuffer,
  codec: CompressionCodec,
  nullable: boolean,
): ParquetPage[] | undefined {
  const reader = { view: new DataView(chunk), offset: 0 };
  const pages: ParquetPage[] = [];
  while (reader.offset < chunk.byteLength) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    const raw = new Uint8Array(chunk, reader.offset, size);
    reader.offset += size;
    const page = header.type === "DICTIONARY_PAGE"
      ? dictionaryPage(header, raw, codec)
      : header.type === "DATA_PAGE"
      ? dataPage(header, raw, codec, nullable)
      : header.type === "DATA_PAGE_V2"
      ? dataPageV2(header, raw, codec, nullable)
      : undefined;
    if (page === undefined) return undefined;
    pages.push(page);
  }
  return pages;
}

function dictionaryPage(
  header: PageHeader,
  raw: Uint8Array,
  codec: CompressionCodec,
): ParquetPage {
  const { num_values } = declared(header.dictionary_page_header);
  return {
    kind: "dictionary",
    rows: num_values,
    values: num_values,
    present: null,
    bytes: decompress(raw, header.uncompressed_page_size, codec),
  };
}

function dataPage(
  header: PageHeader,
  raw: Uint8Array,
  codec: CompressionCodec,
  nullable: boolean,
): ParquetPage | undefined {
  const { num_values: rows, encoding } = declared(header.data_page_header);
  const kind = kindOf(encoding);
  if (kind === undefined) return undefined;
  const bytes = decompress(raw, header.uncompressed_page_size, codec);
  if (!nullable) {
    return { kind, rows, values: rows, present: null, bytes };
  }
  if (bytes.length < 4) throw new Error("a page lacks its levels");
  const levels = new DataView(bytes.buffer, bytes.byteOffset)
    .getUint32(0, true);
  return {
    kind,
    rows,
    ...presence(bytes, 4, 4 + levels, rows),
    bytes: bytes.subarray(4 + levels),
  };
}

function dataPageV2(
  header: PageHeader,
  raw: Uint8Array,
  codec: CompressionCodec,
  nullable: boolean,
): ParquetPage | undefined {
  const about = declared(header.data_page_header_v2);
  const kind = kindOf(about.encoding);
  if (kind === undefined) return undefined;
  const rows = about.num_values;
  const first = about.repetition_levels_byte_length;
  const levels = first + about.definition_levels_byte_length;
  if (!(first >= 0 && levels >= first && levels <= raw.length)) {
    throw new Error("the levels of a page reach beyond it");
  }
  const values = raw.subarray(levels);
  return {
    kind,
    rows,
    ...nullable
      ? presence(raw, first, levels, rows)
      : { values: rows, present: null },
    bytes: about.is_compressed === false ? values : decompress(
      values,
      header.uncompressed_page_size - levels,
      codec,
    ),
  };
}

function kindOf(encoding: string): "coded" | "plain" | undefined {
  switch (encoding) {
    case "PLAIN":
      return "plain";
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY":
      return "coded";
    default:
      return undefined;
  }
}

/** Which rows have a value, by levels of one bit. */
function presence(
  bytes: Uint8Array,
  from: number,
  to: number,
  rows: number,
): Pick<ParquetPage, "values" | "present"> {
  if (to > bytes.length) {
    throw new Error("the levels of a page reach beyond it");
  }
  const present = new Int32Array(rows);
  decodeHybrid(bytes, from, to, 1, present);
  let values = 0;
  for (const level of present) {
    if (level > 1) throw new Error("a page has levels of a nested column");
    values += level;
  }
  return { values, present: values === rows ? null : present };
}

function decompress(
  raw: Uint8Array,
  length: number,
  codec: CompressionCodec,
): Uint8Array {
  let bytes: Uint8Array;
  const decoder = COMPRESSORS[codec];
  if (codec === "UNCOMPRESSED") {
    bytes = raw;
  } else if (decoder !== undefined) {
    bytes = decoder(raw, length);
  } else if (codec === "SNAPPY") {
    bytes = new Uint8Array(length);
    snappyUncompress(raw, bytes);
  } else {
    throw new Error(`pages are compressed by ${codec}, which is not supported`);
  }
  if (bytes.length === length) return bytes;
  throw new Error(
    `a page decompresses to ${bytes.length} bytes and declares ${length}`,
  );
}

function declared<T>(header: T | undefined): T {
  if (header !== undefined) return header;
  throw new Error("a page lacks its header");
}

/** The place in the dictionary of each value of a page, all below `size`. */
export function dictionaryCodes(
  { bytes, values }: ParquetPage,
  size: number,
): Int32Array {
  const codes = new Int32Array(values);
  if (values === 0) return codes;
  const [width] = bytes;
  if (width === undefined) throw new Error("a page ends before its values");
  decodeHybrid(bytes, 1, bytes.length, width, codes);
  for (const code of codes) {
    if (code < 0 || code >= size) {
      throw new Error("a page refers beyond its dictionary");
    }
  }
  return codes;
}

/** Puts the values of a page into the rows that have one, the page's first row being `row`. */
export function spread(
  values: Int32Array | Float64Array,
  { rows, present }: ParquetPage,
  into: Int32Array | Float64Array,
  row: number,
): void {
  if (row + rows > into.length) throw new Error("pages hold too many rows");
  if (present === null) {
    into.set(values, row);
    return;
  }
  let next = 0;
  for (let i = 0; i < rows; i++) {
    if (present[i] === 1) into[row + i] = values[next++]!;
  }
}
