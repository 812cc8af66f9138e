import { RecotemError } from "../../../core/errors.ts";
import type { CsvSource } from "../../../core/recipe/recipe.ts";
import { decompress } from "./_decompress.ts";
import { type FilePurpose, openRawFile, statFile } from "./_raw_file.ts";
import type {
  Column,
  DataSource,
  RowBatch,
  SourceColumn,
} from "../data_source.ts";
import { DecodedBytes } from "../decoded_bytes.ts";
import { EncodedTextColumn } from "../encoded_text_column.ts";
import type { SourceDependencies } from "../source_dependencies.ts";
import { MAX_EXPANSION } from "../max_expansion.ts";
import { readCsv } from "./_read_csv.ts";
import { resolveColumns } from "../resolve_columns.ts";
import { TextCache } from "../text_cache.ts";
import { toUtf8 } from "./_to_utf8.ts";

const TEXT_TYPES =
  /^(str|string|object|category|datetime64(\[\w+(, ?\w+)?\])?)$/i;
const NUMBER_TYPES = /^u?int(8|16|32|64)?$|^float(16|32|64)?$/i;

/**
 * Rows from delimited text, streamed: what is held is a quarter of a megabyte of the file and its cells (the whole raw file
 * when it is pinned). Ids and values are text; `dtype` turns a value column into numbers, for ids it has no effect.
 */
export class CsvDataSource implements DataSource {
  readonly type = "csv";
  readonly #config: CsvSource;
  readonly #dependencies: SourceDependencies;
  readonly #purpose: FilePurpose;
  readonly #decoded: DecodedBytes | null;

  /**
   * A source of the file that `config` names; nothing is opened yet.
   *
   * @param decoded Where what is decompressed is counted; null: under a cap of its own.
   */
  constructor(
    config: CsvSource,
    dependencies: SourceDependencies,
    purpose: FilePurpose = "csv_source",
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

  /** The asked-for columns, as batches of about 256 KiB of text. */
  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { path } = this.#config;
    const { events, maxBytes } = this.#dependencies;
    events.info(`${this.#purpose}_fetch_start`, { path });
    const file = await openRawFile(
      this.#config,
      this.#purpose,
      this.#dependencies,
      signal,
    );
    const text = toUtf8(
      decompress(
        file,
        this.#decoded ?? new DecodedBytes(path, maxBytes * MAX_EXPANSION),
        signal,
      ),
      this.#config,
    );
    let found: SourceColumn[] = [];
    const cache = new TextCache();
    let rows = 0;
    const batches = readCsv(text, this.#config, (names) => {
      const resolved = resolveColumns(path, columns, names);
      found = resolved.map(({ column }) => column);
      return resolved.map(({ index }) => index);
    });
    for await (const batch of batches) {
      signal.throwIfAborted();
      rows += batch.rows;
      yield {
        rows: batch.rows,
        columns: new Map(found.map((column, c) => [
          column.name,
          this.#column(
            column,
            new EncodedTextColumn(batch.columns[c]!, cache),
            batch.firstRow,
          ),
        ])),
      };
    }
    if (rows === 0) {
      throw new RecotemError("datasource_error", `${path} has no data rows`, {
        details: { reason: "no_rows" },
      });
    }
    events.info(`${this.#purpose}_fetch_done`, {
      path,
      rows,
      bytes: file.size,
      sha256_verified: file.verified,
      columns: found.map(({ name }) => name),
    });
  }

  #column(
    { name, role }: SourceColumn,
    texts: EncodedTextColumn,
    firstRow: number,
  ): Column {
    const { path, dtype } = this.#config;
    const type =
      role === "value" && dtype !== null && Object.hasOwn(dtype, name)
        ? dtype[name]!
        : "str";
    if (TEXT_TYPES.test(type)) return texts;
    if (!NUMBER_TYPES.test(type)) {
      throw new RecotemError(
        "datasource_error",
        `Unknown type "${type}" in source.dtype for column "${name}"; use str, int64 or float64`,
      );
    }
    const numbers = Float64Array.from(texts.values, (value, i) => {
      if (value === null) return NaN;
      const number = Number(value);
      if (Number.isFinite(number) && value.trim() !== "") return number;
      throw new RecotemError(
        "datasource_error",
        `Row ${
          firstRow + i + 1
        } of ${path} has no number in column "${name}", which source.dtype declares as ${type}`,
      );
    });
    return { type: "number", values: numbers };
  }
}
