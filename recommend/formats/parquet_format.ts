import {
  ByteWriter,
  ParquetWriter,
  schemaFromColumnData,
} from "hyparquet-writer";
import type { ItemValue } from "../../core/models/item_value.ts";
import type { Answer } from "../answer.ts";
import type {
  AnswerContents,
  AnswerFormat,
  EncodedBlock,
} from "./answer_format.ts";

/** The first bytes of a file, `PAR1`. */
const MAGIC_BYTES = 4;
const TYPES = { text: "STRING", number: "DOUBLE", boolean: "BOOLEAN" } as const;

type Column = Parameters<ParquetWriter["write"]>[0]["columnData"][number];
type RowGroup = ParquetWriter["row_groups"][number];

/** Rows of all columns of a block. */
interface Rows {
  readonly users: string[];
  readonly ranks: number[];
  readonly items: number[];
  readonly scores: number[];
  readonly fallbacks: boolean[];
}

/** A row group for each block, one row for each item of each user; compressed with Snappy. */
export class ParquetFormat implements AnswerFormat {
  readonly #contents: AnswerContents;
  readonly #schema: ReturnType<typeof schemaFromColumnData>;
  /** Id and fields of each item that was recommended, made once. */
  readonly #known = new Map<number, Item>();

  /** Writes answers of these contents. */
  constructor(contents: AnswerContents) {
    this.#contents = contents;
    this.#schema = schemaFromColumnData({
      columnData: this.#columns(
        { users: [], ranks: [], items: [], scores: [], fallbacks: [] },
        true,
      ),
    });
  }

  head(): Uint8Array {
    return this.#writer(0).bytes();
  }

  block(answers: readonly Answer[], offset: number): EncodedBlock {
    const rows = rowsOf(answers);
    const length = rows.users.length;
    if (length === 0) {
      return { bytes: new Uint8Array(), rows: 0, note: null };
    }
    const { writer, bytes } = this.#writer(offset - MAGIC_BYTES);
    writer.write({
      columnData: this.#columns(rows, false),
      rowGroupSize: length,
    });
    return {
      bytes: bytes().subarray(MAGIC_BYTES),
      rows: length,
      note: toJson(writer.row_groups[0]!),
    };
  }

  tail(notes: readonly unknown[]): Uint8Array {
    const { writer, bytes } = this.#writer(0);
    for (const note of notes) {
      if (note !== null) writer.row_groups.push(fromJson(note));
    }
    writer.num_rows = writer.row_groups.reduce(
      (sum, { num_rows }) => sum + num_rows,
      0n,
    );
    writer.finish();
    return bytes().subarray(MAGIC_BYTES);
  }

  /** A writer at some place of a file. It always starts with the first bytes of one. */
  #writer(offset: number): { writer: ParquetWriter; bytes(): Uint8Array } {
    const out = new ByteWriter();
    out.offset = offset;
    const writer = new ParquetWriter({
      writer: out,
      schema: this.#schema,
      createdBy: "recotem",
    });
    return { writer, bytes: () => out.getBytes() };
  }

  #item(item: number): Item {
    const known = this.#known.get(item);
    if (known) return known;
    const { items, table, fields } = this.#contents;
    const row = fields.length > 0 ? table!.row(item) : {};
    const made = { id: items.id(item), row };
    this.#known.set(item, made);
    return made;
  }

  #columns(rows: Rows, typed: boolean): Column[] {
    const { table, fields, tellsFallback } = this.#contents;
    const items = rows.items.map((item) => this.#item(item));
    const columns: Column[] = [
      {
        ...{ name: "user_id", data: rows.users, statistics: true },
        ...{ type: "STRING", nullable: false },
      },
      {
        ...{ name: "rank", data: rows.ranks },
        ...{ type: "INT32", nullable: false },
      },
      {
        ...{ name: "item_id", data: items.map(({ id }) => id) },
        ...{ type: "STRING", nullable: false },
      },
      {
        ...{ name: "score", data: rows.scores },
        ...{ type: "FLOAT", nullable: false },
      },
      ...(tellsFallback
        ? [
          {
            ...{ name: "fallback", data: rows.fallbacks },
            ...{ type: "BOOLEAN", nullable: false } as const,
          },
        ]
        : []),
      ...fields.map((name) => ({
        name,
        data: items.map(({ row }) => row[name] ?? null),
        type: TYPES[table!.type(name)],
        nullable: true,
      })),
    ];
    // Types are for the schema alone; users come in order, so that their least and greatest tell where one is.
    return columns.map(({ type, nullable, ...column }) => ({
      ...column,
      ...(typed && { type: type!, nullable: nullable! }),
      statistics: column.statistics ?? false,
      offsetIndex: false,
    }));
  }
}

interface Item {
  readonly id: string;
  readonly row: Readonly<Record<string, ItemValue>>;
}

function rowsOf(answers: readonly Answer[]): Rows {
  const rows: Rows = {
    ...{ users: [], ranks: [], items: [], scores: [], fallbacks: [] },
  };
  for (const { user, items, scores, fallback } of answers) {
    for (let n = 0; n < items.length; n++) {
      rows.users.push(user);
      rows.ranks.push(n + 1);
      rows.items.push(items[n]!);
      rows.scores.push(scores[n]!);
      rows.fallbacks.push(fallback);
    }
  }
  return rows;
}

/** JSON has no whole numbers of 64 bits. */
function toJson(group: RowGroup): unknown {
  return JSON.parse(JSON.stringify(
    group,
    (_, value) => typeof value === "bigint" ? { bigint: String(value) } : value,
  ));
}

function fromJson(note: unknown): RowGroup {
  return JSON.parse(
    JSON.stringify(note),
    (_, value) =>
      typeof value?.bigint === "string" ? BigInt(value.bigint) : value,
  );
}
