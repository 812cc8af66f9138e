/**
 * Files of loans with something wrong, or odd, about them.
 *
 * @module
 */
import { parquetWriteBuffer } from "hyparquet-writer";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { LOANS } from "../train/loans.ts";

/** What must come of reading a file. */
export type Reading =
  /** So many rows. */
  | { readonly rows: number }
  /** A refusal that says this; exit code 7 on the web alone, everywhere, or by default 3. */
  | { readonly says: RegExp; readonly exit7?: "web" | "everywhere" };

/** A file, and what must come of it where `RECOTEM_MAX_DOWNLOAD_BYTES` is 1 MiB. */
export interface FaultyFile {
  readonly name: string;
  bytes(): Uint8Array | Promise<Uint8Array>;
  readonly reading: Reading;
  /** A digest that the recipe pins in place of the file's own. */
  readonly sha256?: string;
}

/** What is wrong → the file. */
export const FAULTY_FILES: Readonly<Record<string, FaultyFile>> = {
  "another sha256 than its recipe pins": {
    ...csv(LOANS, {
      exit7: "everywhere",
      says: /The sha256 of \S+ is [0-9a-f]{8}…, the recipe pins aaaaaaaa…/,
    }),
    sha256: "a".repeat(64),
  },
  "no bytes": csv("", { says: /loans\.csv/ }),
  "a header and no rows": csv("reader,book,at\n", {
    says: /loans\.csv has no data rows/,
  }),
  "more bytes than are allowed": csv(
    LOANS + "r1,b1,2026-02-01\n".repeat(70_000),
    { exit7: "web", says: /more than the 1048576/ },
  ),
  "a row with too many fields": csv(`${LOANS}r1,b1,2026-02-01,late\n`, {
    says: /402.*4 fields.*3/,
  }),
  "a row with too few fields": csv(`${LOANS}r1,b1\n`, {
    says: /402.*2 fields.*3/,
  }),
  "a quote that never ends": csv(`${LOANS}r1,"b1,2026-02-01\n`, {
    says: /402.*quote/,
  }),
  "bytes that are not UTF-8": {
    name: "loans.csv",
    bytes: () => Uint8Array.of(...encode(LOANS), 0x72, 0xff, 0x2c, 0x62, 0x0a),
    reading: { says: /not utf-8/i },
  },
  "a byte order mark": csv(`\ufeff${LOANS}`, { rows: 400 }),
  "line ends of both kinds": csv(LOANS.replaceAll(/(1)\n/g, "$1\r\n"), {
    rows: 400,
  }),
  "a column that was renamed": csv(LOANS.replace("book", "title"), {
    says: /"book"; it has "reader", "title", "at"/,
  }),
  "an archive that was cut off": {
    name: "loans.csv.zip",
    bytes: async () => (await zip(LOANS)).subarray(0, 500),
    reading: { says: /loans\.csv\.zip: it is damaged/ },
  },
  "an archive that fills the memory": {
    name: "loans.csv.zip",
    bytes: () => zip(`reader,book,at\n${"r,b,2026-02-01\n".repeat(2_500_000)}`),
    reading: { says: /decompresses to more than the 33554432 bytes/ },
  },
  "a Parquet file that was cut off": {
    name: "loans.parquet",
    bytes: () => parquet(1000).subarray(0, 150),
    reading: { says: /loans\.parquet/ },
  },
  "a Parquet file that fills the memory": {
    name: "loans.parquet",
    bytes: () => parquet(9_000_000),
    reading: { says: /decompresses to more than the 33554432 bytes/ },
  },
};

function csv(text: string, reading: Reading): FaultyFile {
  return { name: "loans.csv", bytes: () => encode(text), reading };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function zip(text: string): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
  });
  await writer.add("loans.csv", new TextReader(text));
  return await writer.close();
}

/** Rows of zeros, which take hardly a byte. */
function parquet(rows: number): Uint8Array {
  const columnData = ["reader", "book"].map((name) => ({
    name,
    data: new Int32Array(rows),
    type: "INT32" as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
