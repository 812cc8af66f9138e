import {
  type AsyncBuffer,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaElement,
} from "hyparquet";
import { RecotemError } from "../../../core/errors.ts";
import type { ParquetSource } from "../../../core/recipe/recipe.ts";
import type {
  Column,
  DataSource,
  RowBatch,
  SourceColumn,
} from "../data_source.ts";
import { DecodedBytes } from "../decoded_bytes.ts";
import type { SourceDependencies } from "../source_dependencies.ts";
import { checkPages } from "./_check_pages.ts";
import { decompress, isCompressed } from "./_decompress.ts";
import { MAX_EXPANSION } from "../max_expansion.ts";
import { COMPRESSORS } from "./_parquet_compressors.ts";
import { parquetColumn, PARSERS } from "./_parquet_column.ts";
import { directParquetColumn } from "./_parquet_direct.ts";
import { inFlight, type SizedTask } from "../in_flight.ts";
import {
  collect,
  type FilePurpose,
  heldFile,
  openRawFile,
  type RawFile,
  statFile,
} from "./_raw_file.ts";
import { resolveColumns } from "../resolve_columns.ts";

/** The largest row group that a common writer makes by default (Arrow before version 11). */
const MAX_GROUP_ROWS = 64 * 2 ** 20;
/**
 * Column chunks that are read at once, so that answers are not waited for one by one while there is decoding to do: as
 * few as are not more than the cap on raw bytes together, since chunks that a file declares may overlap.
 */
const CHUNKS_IN_FLIGHT = 4;

/**
 * Rows from a Parquet file, one row group at a time and of it only the wanted columns; what is held is one row group of
 * those columns, and the next column chunks (the whole raw file when it is pinned or compressed as a file).
 */
export class ParquetDataSource implements DataSource {
  readonly type = "parquet";
  readonly #config: ParquetSource;
  readonly #dependencies: SourceDependencies;
  readonly #purpose: FilePurpose;
  readonly #decoded: DecodedBytes | null;

  /**
   * A source of the file that `config` names; nothing is opened yet.
   *
   * @param decoded Where what is decompressed is counted; null: under a cap of its own.
   */
  constructor(
    config: ParquetSource,
    dependencies: SourceDependencies,
    purpose: FilePurpose = "parquet_source",
    decoded: DecodedBytes | null = null,
  ) {
    this.#config = config;
    this.#dependencies = dependencies;
    this.#purpose = purpose;
    this.#decoded = decoded;
  }

  /** Checks that the file is there and not larger than the cap. */
  async probe(signal: AbortSignal): Promise<void> {
    const { path } = this.#config;
    await statFile(path, this.#purpose, this.#dependencies, signal);
  }

  /** The asked-for columns, one batch per row group. */
  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { path } = this.#config;
    const { events, maxBytes } = this.#dependencies;
    events.info(`${this.#purpose}_fetch_start`, { path });
    const raw = await openRawFile(
      this.#config,
      this.#purpose,
      this.#dependencies,
      signal,
    );
    const table = new ParquetTable(
      await this.#uncompressed(raw, signal),
      maxBytes,
      this.#decoded ?? new DecodedBytes(path, maxBytes * MAX_EXPANSION),
      signal,
    );
    const found = await table.open(columns);
    let rows = 0;
    for await (const batch of table.batches(found)) {
      rows += batch.rows;
      yield batch;
    }
    if (rows === 0) {
      throw new RecotemError("datasource_error", `${path} has no data rows`, {
        details: { reason: "no_rows" },
      });
    }
    events.info(`${this.#purpose}_fetch_done`, {
      path,
      rows,
      bytes: raw.size,
      sha256_verified: raw.verified,
      columns: found.map(({ column }) => column.name),
    });
  }

  /** A file compressed as a whole is unpacked into memory, under the cap for raw bytes: it must be read at random. */
  async #uncompressed(raw: RawFile, signal: AbortSignal): Promise<RawFile> {
    if (!isCompressed(raw.path)) return raw;
    const { maxBytes } = this.#dependencies;
    const bytes = await collect(
      decompress(raw, new DecodedBytes(raw.path, maxBytes), signal),
    );
    return heldFile(raw.path, bytes, raw.verified);
  }
}

/** A column of a row group as it lies in the file. */
interface Chunk {
  readonly about: ColumnMetaData;
  readonly start: number;
  readonly bytes: ArrayBuffer;
}

interface FoundColumn {
  readonly column: SourceColumn;
  readonly element: SchemaElement;
}

/** One open file; every failure of the reader becomes one `datasource_error`. */
class ParquetTable {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #decoded: DecodedBytes;
  readonly #signal: AbortSignal;
  readonly #file: RawFile;
  #metadata: FileMetaData | undefined;

  constructor(
    file: RawFile,
    maxBytes: number,
    decoded: DecodedBytes,
    signal: AbortSignal,
  ) {
    this.#path = file.path;
    this.#maxBytes = maxBytes;
    this.#decoded = decoded;
    this.#signal = signal;
    this.#file = file;
  }

  /** Reads the footer and finds the wanted columns in it. */
  async open(columns: readonly SourceColumn[]): Promise<FoundColumn[]> {
    const metadata = await this.#guard(async () => {
      if (this.#file.size < 12) throw new Error("it is too short");
      return await parquetMetadataAsync(new KnownRangeBuffer(this.#file), {
        parsers: PARSERS,
        geoparquet: false,
      });
    });
    this.#metadata = metadata;
    const fields = await this.#guard(() => parquetSchema(metadata).children);
    const names = fields.map(({ element }) => element.name);
    return resolveColumns(this.#path, columns, names).map(
      ({ column, index }) => {
        const { element, children } = fields[index]!;
        if (children.length > 0 || element.repetition_type === "REPEATED") {
          throw new RecotemError(
            "datasource_error",
            `Column "${column.name}" of ${this.#path} is nested; only flat columns can be read`,
          );
        }
        return { column, element };
      },
    );
  }

  /** One batch per row group that has rows. */
  async *batches(found: readonly FoundColumn[]): AsyncGenerator<RowBatch> {
    const groups = this.#metadata!.row_groups.filter(({ num_rows }) =>
      Number(num_rows) > 0
    );
    const chunks = inFlight(this.#reads(groups, found), {
      tasks: CHUNKS_IN_FLIGHT,
      size: this.#maxBytes,
    });
    try {
      let rowStart = 0;
      for (const { num_rows } of groups) {
        const rows = Number(num_rows);
        const columns = new Map<string, Column>();
        for (const each of found) {
          const column = await this.#guard(async () => {
            const chunk = (await chunks.next()).value as Chunk;
            this.#signal.throwIfAborted();
            this.#check(chunk, rows);
            return await this.#column(each, chunk, rowStart, rows);
          });
          columns.set(each.column.name, column);
        }
        rowStart += rows;
        yield { rows, columns };
      }
    } finally {
      await chunks.return(undefined);
    }
  }

  async #column(
    { column, element }: FoundColumn,
    { about, start, bytes }: Chunk,
    rowStart: number,
    rows: number,
  ): Promise<Column> {
    const direct = directParquetColumn(element, about, bytes, rows, column);
    if (direct !== undefined) return direct;
    const metadata = this.#metadata!;
    const scan = await parquetScan({
      file: new KnownRangeBuffer(this.#file, start, bytes),
      metadata,
      columns: [column.name],
      rowStart,
      rowEnd: rowStart + rows,
      compressors: COMPRESSORS,
      parsers: PARSERS,
      useOffsetIndex: false,
    });
    const values = await scan.readColumn({
      column: column.name,
      rowStart,
      rowEnd: rowStart + rows,
    });
    if (values.length !== rows) {
      throw new Error(`${values.length} values for ${rows} rows`);
    }
    return parquetColumn(element, values, column);
  }

  /** What reads the chunks, one after another; fails for one that does not lie in the file. */
  *#reads(
    groups: FileMetaData["row_groups"],
    found: readonly FoundColumn[],
  ): Generator<SizedTask<Chunk>> {
    for (const group of groups) {
      for (const { column } of found) yield this.#read(group, column.name);
    }
  }

  #read(
    { columns }: FileMetaData["row_groups"][number],
    name: string,
  ): SizedTask<Chunk> {
    const chunk = columns.find(({ meta_data }) =>
      meta_data?.path_in_schema.length === 1 &&
      meta_data.path_in_schema[0] === name
    );
    const about = chunk?.meta_data;
    if (about === undefined || chunk?.file_path !== undefined) {
      throw new Error(`a row group lacks column "${name}"`);
    }
    const start = Number(
      about.dictionary_page_offset || about.data_page_offset,
    );
    const end = start + Number(about.total_compressed_size);
    if (!(start >= 4 && end > start && end <= this.#file.size)) {
      throw new Error(`column "${name}" lies outside the file`);
    }
    return {
      size: end - start,
      run: async () => {
        this.#signal.throwIfAborted();
        const { buffer } = await this.#file.slice(start, end);
        return { about, start, bytes: buffer };
      },
    };
  }

  /** Whether what a chunk declares agrees with its pages and the caps. */
  #check({ bytes }: Chunk, rows: number): void {
    if (!(rows > 0 && rows <= MAX_GROUP_ROWS)) {
      throw new Error(`a row group declares ${rows} rows`);
    }
    // A run of equal values takes a byte or two in the file and eight bytes a row in memory.
    this.#decoded.add(checkPages(bytes, rows) + 8 * rows);
  }

  async #guard<T>(read: () => T | Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      this.#signal.throwIfAborted();
      if (cause instanceof RecotemError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RecotemError(
        "datasource_error",
        `Cannot read ${this.#path} as Parquet: ${reason}`,
        { cause },
      );
    }
  }
}

/** Random access to a file of which one range is there already: a chunk is checked and decoded from the same bytes. */
class KnownRangeBuffer implements AsyncBuffer {
  readonly byteLength: number;
  readonly #file: RawFile;
  readonly #start: number;
  readonly #bytes: ArrayBuffer;

  constructor(file: RawFile, start = 0, bytes = new ArrayBuffer(0)) {
    this.#file = file;
    this.byteLength = file.size;
    this.#start = start;
    this.#bytes = bytes;
  }

  async slice(
    start: number,
    end: number = this.byteLength,
  ): Promise<ArrayBuffer> {
    return start === this.#start && end === start + this.#bytes.byteLength
      ? this.#bytes
      : (await this.#file.slice(start, end)).buffer;
  }
}
