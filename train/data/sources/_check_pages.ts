import { crc32 } from "node:zlib";
import { parquetHeader } from "hyparquet/column";

/** One page may hold a whole column chunk, as some writers do; a larger one is not believed. */
const MAX_PAGE_BYTES = 2 ** 30;

/**
 * Walks the page headers of one flat column chunk before anything is allocated for its values, since a reader makes
 * room for as many bytes and values as a header declares. Page checksums are compared where the writer left them.
 *
 * Returns the bytes that the pages decompress to. Throws `Error` when sizes or counts contradict the file.
 */
export function checkPages(chunk: ArrayBuffer, rows: number): number {
  const reader = { view: new DataView(chunk), offset: 0 };
  let bytes = 0;
  let values = 0;
  while (reader.offset < chunk.byteLength) {
    const header = parquetHeader(reader);
    const compressed = header.compressed_page_size;
    const uncompressed = header.uncompressed_page_size;
    if (!(compressed >= 0 && reader.offset + compressed <= chunk.byteLength)) {
      throw new Error("a page reaches beyond its column");
    }
    if (!(uncompressed >= 0 && uncompressed <= MAX_PAGE_BYTES)) {
      throw new Error(`a page declares ${uncompressed} bytes`);
    }
    if (header.crc !== undefined) {
      const page = new Uint8Array(chunk, reader.offset, compressed);
      if (crc32(page) !== header.crc >>> 0) {
        throw new Error("a page does not match its checksum");
      }
    }
    const dictionary = header.dictionary_page_header?.num_values ?? 0;
    if (!(dictionary >= 0 && dictionary <= uncompressed)) {
      throw new Error("a dictionary declares more values than bytes");
    }
    const count = header.data_page_header?.num_values ??
      header.data_page_header_v2?.num_values ?? 0;
    if (!(count >= 0 && (values += count) <= rows)) {
      throw new Error("pages hold more values than there are rows");
    }
    bytes += uncompressed;
    reader.offset += compressed;
  }
  if (values !== rows) {
    throw new Error(`pages hold ${values} values for ${rows} rows`);
  }
  return bytes;
}
