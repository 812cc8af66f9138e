/**
 * What is known of each item besides who wanted it: a table by columns, answered row by row.
 *
 * @module
 */
import { checkTexts, decodeText, encodeTexts, type Texts } from "./_texts.ts";
import type { NamedTensors, Tensor } from "./model.ts";
import type { ItemValue } from "./item_value.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";

/** One column before it is stored. */
export interface ItemField {
  /** Name of the field. */
  readonly name: string;
  /** Type of all values that are not null. */
  readonly type: "text" | "number" | "boolean";
  /** One value per item; numbers must be finite. */
  readonly values: readonly ItemValue[];
}

type Column =
  | { readonly type: "text"; readonly texts: Texts; readonly nulls: Uint8Array }
  /** NaN is null. */
  | { readonly type: "number"; readonly values: Float64Array }
  /** 0 false, 1 true, {@linkcode NO_BOOLEAN} null. */
  | { readonly type: "boolean"; readonly values: Uint8Array };

const NO_BOOLEAN = 2;
/** Position is what tensors call the type. */
const TYPES = ["text", "number", "boolean"] as const;

/** The values that a field takes, and which each item has. */
export interface DistinctValues {
  /** In the order of the first item that has each. */
  readonly values: readonly ItemValue[];
  /** Position in `values`, one per item. */
  readonly codes: Uint32Array;
}

/** Fields of items, one row per item. */
export class ItemTable {
  /** Names of the fields. */
  readonly fields: readonly string[];
  readonly #columns: readonly Column[];
  readonly #distinct = new Map<string, DistinctValues>();

  private constructor(fields: readonly string[], columns: readonly Column[]) {
    this.fields = fields;
    this.#columns = columns;
  }

  /**
   * Stores `fields` of `items` items.
   *
   * @throws {TypeError} If a value is not of its field's type.
   * @throws {RangeError} If there are fewer or more values than items, a number is not finite or a name is there twice.
   *
   * @example
   * ```ts
   * import { type ItemField, ItemTable } from "./item_table.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const fields: ItemField[] = [
   *   { name: "title", type: "text", values: ["Tea", null] },
   *   { name: "price", type: "number", values: [3.5, 2] },
   * ];
   * const table = ItemTable.from(2, fields);
   * assertEquals(table.row(1), { title: null, price: 2 });
   * ```
   */
  static from(items: number, fields: readonly ItemField[]): ItemTable {
    const names = fields.map(({ name }) => name);
    refuseRepeats(names);
    return new ItemTable(
      names,
      fields.map((field) => {
        if (field.values.length !== items) {
          throw new RangeError(
            `Item field "${field.name}" has ${field.values.length} values, must have ${items}`,
          );
        }
        return toColumn(field);
      }),
    );
  }

  /**
   * The type that all values of a field have which are not null.
   *
   * @throws {RangeError} When there is no such field.
   */
  type(field: string): ItemField["type"] {
    const column = this.#columns[this.fields.indexOf(field)];
    if (column === undefined) {
      throw new RangeError("Items have no field of that name");
    }
    return column.type;
  }

  /** All fields of one item; null where nothing is known. */
  row(item: number): Record<string, ItemValue> {
    return Object.fromEntries(
      this.#columns.map((column, f) => [this.fields[f]!, cell(column, item)]),
    );
  }

  /** Type of a field; null when there is no such field. */
  typeOf(field: string): ItemField["type"] | null {
    return this.#columns[this.fields.indexOf(field)]?.type ?? null;
  }

  /**
   * The distinct values of a field. Linear in the items at the first call, then kept.
   *
   * @throws {RangeError} When there is no such field.
   */
  distinct(field: string): DistinctValues {
    const kept = this.#distinct.get(field);
    if (kept) return kept;
    const column = this.#columns[this.fields.indexOf(field)];
    if (!column) throw new RangeError("The items have no such field");
    const distinct = distinctOf(column);
    this.#distinct.set(field, distinct);
    return distinct;
  }

  /** This table without the fields that `hides` is true for; shares all values. */
  without(hides: (field: string) => boolean): ItemTable {
    const kept = [...this.fields.keys()].filter((f) => !hides(this.fields[f]!));
    if (kept.length === this.fields.length) return this;
    return new ItemTable(
      kept.map((f) => this.fields[f]!),
      kept.map((f) => this.#columns[f]!),
    );
  }

  /**
   * `names.bytes`, `names.offsets` and `types`, and for field `f` (from 0): `f.bytes`, `f.offsets`, `f.nulls` of a
   * text field, `f.values` of another.
   */
  tensors(): NamedTensors {
    const names = encodeTexts(this.fields, this.fields.length);
    const tensors: Record<string, Tensor> = {
      "names.bytes": vector(names.bytes),
      "names.offsets": vector(names.offsets),
      types: vector(
        Uint8Array.from(this.#columns, ({ type }) => TYPES.indexOf(type)),
      ),
    };
    for (const [f, column] of this.#columns.entries()) {
      if (column.type === "text") {
        tensors[`${f}.bytes`] = vector(column.texts.bytes);
        tensors[`${f}.offsets`] = vector(column.texts.offsets);
        tensors[`${f}.nulls`] = vector(column.nulls);
      } else {
        tensors[`${f}.values`] = vector(column.values);
      }
    }
    return tensors;
  }

  /**
   * The table of `items` items that {@linkcode ItemTable.tensors} made the tensors of, without copying; null when
   * there are none. One linear pass.
   *
   * @throws {TypeError} If a tensor is missing, unknown or of another type.
   * @throws {RangeError} If shapes or contents do not fit.
   */
  static load(tensors: NamedTensors, items: number): ItemTable | null {
    if (Object.keys(tensors).length === 0) return null;
    const reader = new TensorReader("Item table", tensors);
    const types = reader.vector("types", "u8");
    const texts = {
      bytes: reader.vector("names.bytes", "u8"),
      offsets: reader.vector("names.offsets", "u32", types.length + 1),
    };
    checkTexts("item field names", texts);
    const names = Array.from(types, (_, f) => decodeText(texts, f));
    refuseRepeats(names);
    const columns = Array.from(
      types,
      (type, f) => loadColumn(reader, type, f, items),
    );
    reader.end();
    return new ItemTable(names, columns);
  }
}

function refuseRepeats(names: readonly string[]): void {
  if (new Set(names).size !== names.length) {
    throw new RangeError("An item field is there twice, names must differ");
  }
}

function toColumn({ name, type, values }: ItemField): Column {
  for (const value of values) {
    if (value === null) continue;
    const actual = typeof value === "string" ? "text" : typeof value;
    if (actual !== type) {
      throw new TypeError(
        `Item field "${name}" has a value that is ${actual}, must be ${type} or null`,
      );
    }
    if (type === "number" && !Number.isFinite(value)) {
      throw new RangeError(`Item field "${name}" has ${value}, must be finite`);
    }
  }
  switch (type) {
    case "text":
      return {
        type,
        texts: encodeTexts(
          values.map((value) => value === null ? "" : value as string),
          values.length,
        ),
        nulls: Uint8Array.from(values, (value) => value === null ? 1 : 0),
      };
    case "number":
      return {
        type,
        values: Float64Array.from(
          values,
          (value) => value === null ? NaN : value as number,
        ),
      };
    case "boolean":
      return {
        type,
        values: Uint8Array.from(
          values,
          (value) => value === null ? NO_BOOLEAN : value ? 1 : 0,
        ),
      };
  }
}

function cell(column: Column, item: number): ItemValue {
  switch (column.type) {
    case "text":
      return column.nulls[item] === 1 ? null : decodeText(column.texts, item);
    case "number": {
      const value = column.values[item]!;
      return Number.isNaN(value) ? null : value;
    }
    case "boolean": {
      const value = column.values[item]!;
      return value === NO_BOOLEAN ? null : value === 1;
    }
  }
}

function distinctOf(column: Column): DistinctValues {
  const items = column.type === "text"
    ? column.nulls.length
    : column.values.length;
  const codes = new Uint32Array(items);
  const values: ItemValue[] = [];
  const known = new Map<ItemValue, number>();
  for (let item = 0; item < items; item++) {
    const value = cell(column, item);
    let code = known.get(value);
    if (code === undefined) {
      code = values.length;
      known.set(value, code);
      values.push(value);
    }
    codes[item] = code;
  }
  return { values, codes };
}

function loadColumn(
  reader: TensorReader,
  type: number,
  f: number,
  items: number,
): Column {
  switch (TYPES[type]) {
    case "text": {
      const texts = {
        bytes: reader.vector(`${f}.bytes`, "u8"),
        offsets: reader.vector(`${f}.offsets`, "u32", items + 1),
      };
      checkTexts(`item field ${f}`, texts);
      const nulls = reader.vector(`${f}.nulls`, "u8", items);
      refuseAbove(nulls, 1, f);
      return { type: "text", texts, nulls };
    }
    case "number": {
      const values = reader.vector(`${f}.values`, "f64", items);
      for (const value of values) {
        if (value === Infinity || value === -Infinity) {
          throw new RangeError(`Item field ${f} has ${value}, must be finite`);
        }
      }
      return { type: "number", values };
    }
    case "boolean": {
      const values = reader.vector(`${f}.values`, "u8", items);
      refuseAbove(values, NO_BOOLEAN, f);
      return { type: "boolean", values };
    }
    default:
      throw new RangeError(
        `Item field ${f} has type ${type}, must be from 0 to ${
          TYPES.length - 1
        }`,
      );
  }
}

function refuseAbove(values: Uint8Array, most: number, f: number): void {
  for (const value of values) {
    if (value > most) {
      throw new RangeError(
        `Item field ${f} has code ${value}, must be at most ${most}`,
      );
    }
  }
}
