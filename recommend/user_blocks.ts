import { RecotemError } from "../core/errors.ts";
import type { IdMap } from "../core/models/id_map.ts";
import { CsvParseStream } from "../core/std/csv.ts";
import type { Store } from "../core/storage/store.ts";

/** Where the users come from. */
export interface UserFile {
  /** Path or URI. */
  readonly uri: string;
  /** Column of a CSV file with a header; null: one id a line, as it stands. */
  readonly column: string | null;
}

/** Users to answer together. */
export interface UserBlock {
  readonly ids: readonly string[];
  /** Index of each in the model; -1 when it does not know the user. */
  readonly indices: Int32Array;
}

/** Options of {@linkcode userBlocks}. */
export interface UserBlocksOptions {
  readonly store: Store;
  /** The users that the model knows. */
  readonly known: IdMap;
  /** Users to pass over first. */
  readonly skip: number;
  /** Users in a block, but for the last one. */
  readonly size: number;
}

/**
 * The users of a file, in its order and as often as it names them, or all that the model knows. One block is in memory
 * at a time. Blank lines, and cells that are empty, name nobody.
 *
 * @throws {RecotemError} `datasource_error` when the file cannot be read, is not UTF-8 or has no such column.
 */
export async function* userBlocks(
  file: UserFile | null,
  { store, known, skip, size }: UserBlocksOptions,
): AsyncGenerator<UserBlock, void> {
  if (file === null) {
    for (let start = skip; start < known.size; start += size) {
      const length = Math.min(size, known.size - start);
      const indices = Int32Array.from({ length }, (_, n) => start + n);
      yield { ids: Array.from(indices, (index) => known.id(index)), indices };
    }
    return;
  }
  let ids: string[] = [];
  let passed = 0;
  for await (const id of idsOf(file, store)) {
    if (passed++ < skip) continue;
    ids.push(id);
    if (ids.length < size) continue;
    yield lookUp(ids, known);
    ids = [];
  }
  if (ids.length > 0) yield lookUp(ids, known);
}

function lookUp(ids: readonly string[], known: IdMap): UserBlock {
  return { ids, indices: Int32Array.from(ids, (id) => known.indexOf(id)) };
}

async function* idsOf(
  { uri, column }: UserFile,
  store: Store,
): AsyncGenerator<string> {
  try {
    const bytes = await store.read(uri) as ReadableStream<BufferSource>;
    const texts = bytes.pipeThrough(
      new TextDecoderStream("utf-8", { fatal: true }),
    );
    const ids = column === null ? lines(texts) : cells(texts, column, uri);
    for await (const id of ids) if (id !== "") yield id;
  } catch (error) {
    if (error instanceof RecotemError) throw error;
    const problem = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new RecotemError(
      "datasource_error",
      `Cannot read the users of ${uri}: ${problem}`,
      { cause: error },
    );
  }
}

async function* lines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of texts) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const part of parts) yield withoutReturn(part);
  }
  yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

async function* cells(
  texts: ReadableStream<string>,
  column: string,
  uri: string,
): AsyncGenerator<string> {
  let at = -1;
  for await (const row of texts.pipeThrough(new CsvParseStream())) {
    if (at >= 0) {
      yield row[at] ?? "";
      continue;
    }
    at = row.indexOf(column);
    if (at < 0) {
      throw new RecotemError(
        "datasource_error",
        `${uri} has no column ${JSON.stringify(column)}: it has ${
          row.map((name) => JSON.stringify(name)).join(", ")
        }`,
      );
    }
  }
  if (at < 0) {
    throw new RecotemError(
      "datasource_error",
      `${uri} is empty: it must have a header with ${JSON.stringify(column)}`,
    );
  }
}
