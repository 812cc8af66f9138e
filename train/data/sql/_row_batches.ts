import type { RowBatch, SourceColumn } from "../data_source.ts";
import { resolveColumns } from "../resolve_columns.ts";
import type { AnswerLimits } from "./answer_limits.ts";
import type { BatchQueue } from "./batch_queue.ts";
import { type CellColumn, cellColumn } from "./_cell_columns.ts";
import type { RowSink } from "./_row_tap.ts";

const BATCH_ROWS = 10_000;
const BATCH_BYTES = 2 ** 20;

/** Turns the messages of an answer into batches of the wanted columns. */
export class RowBatches implements RowSink {
  readonly #columns: readonly SourceColumn[];
  readonly #limits: AnswerLimits;
  readonly #queue: BatchQueue;
  #found: { readonly name: string; readonly cells: CellColumn }[] = [];
  /** For each field of a row up to the last that is wanted, what collects it. */
  #fields: (CellColumn | null)[] = [];
  #rows = 0;
  #bytes = 0;

  /** Gives the batches to `queue`. */
  constructor(
    columns: readonly SourceColumn[],
    limits: AnswerLimits,
    queue: BatchQueue,
  ) {
    this.#columns = columns;
    this.#limits = limits;
    this.#queue = queue;
  }

  describe(body: Uint8Array): void {
    const described = fieldsOf(body);
    const resolved = resolveColumns(
      "The answer of the query",
      this.#columns,
      described.map(({ name }) => name),
    );
    this.#fields = described.map(() => null);
    this.#found = resolved.map(({ column, index }) => {
      const cells = cellColumn(column, described[index]!.type);
      this.#fields[index] = cells;
      return { name: column.name, cells };
    });
    this.#fields.length = Math.max(
      0,
      ...resolved.map(({ index }) => index + 1),
    );
  }

  row(bytes: Uint8Array, from: number, to: number): void {
    let at = from + 2;
    for (const cells of this.#fields) {
      const length = bytes[at]! << 24 | bytes[at + 1]! << 16 |
        bytes[at + 2]! << 8 | bytes[at + 3]!;
      at += 4;
      if (length < 0) cells?.addNull();
      else {
        cells?.add(bytes, at, at + length);
        at += length;
      }
    }
    this.#rows++;
    this.#bytes += to - from;
    if (this.#rows === BATCH_ROWS || this.#bytes >= BATCH_BYTES) this.flush();
  }

  /** Hands over the rows since the last batch. */
  flush(): void {
    if (this.#rows === 0) return;
    this.#limits.add(this.#rows, this.#bytes);
    const batch: RowBatch = {
      rows: this.#rows,
      columns: new Map(
        this.#found.map(({ name, cells }) => [name, cells.take()]),
      ),
    };
    this.#rows = 0;
    this.#bytes = 0;
    this.#queue.push(batch);
  }
}

/** Names and types in a RowDescription message: after each name come 18 bytes, the type in bytes 6 to 9 of them. */
function fieldsOf(body: Uint8Array): { name: string; type: number }[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const decoder = new TextDecoder();
  const fields: { name: string; type: number }[] = [];
  let at = 2;
  for (let count = view.getUint16(0); count > 0; count--) {
    const end = body.indexOf(0, at);
    fields.push({
      name: decoder.decode(body.subarray(at, end)),
      type: view.getUint32(end + 7),
    });
    at = end + 19;
  }
  return fields;
}
