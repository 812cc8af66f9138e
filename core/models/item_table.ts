/**
 * What is known of items beside their interactions: one column per field, in tensors.
 *
 * @module
 */
import type { NamedTensors, Tensor } from "./model.ts";

/** A value of an item's field. */
export type ItemValue = string | number | boolean | null;

/** One field of all items; null where an item has none. */
export interface ItemField {
  readonly name: string;
  readonly type: "text" | "number" | "boolean";
  readonly values: readonly ItemValue[];
}

interface StoredField {
  readonly name: string;
  value(item: number): ItemValue;
  readonly tensors: NamedTensors;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Fields of items, by item index. Values are decoded when asked for. */
export class ItemTable {
  readonly #fields: readonly StoredField[];

  private constructor(fields: readonly StoredField[]) {
    this.#fields = fields;
  }

  /**
   * Packs columns of `items` values each.
   *
   * @throws {RangeError} When a column has another length or a name stands twice.
   */
  static from(items: number, fields: readonly ItemField[]): ItemTable {
    const names = fields.map(({ name }) => name);
    if (new Set(names).size < names.length) {
      throw new RangeError("Field names of items must be distinct");
    }
    return new ItemTable(fields.map((field, index) => {
      if (field.values.length !== items) {
        throw new RangeError(
          `Field ${field.name} has ${field.values.length} values, must have ${items}`,
        );
      }
      return openField(packField(field, index), index, items);
    }));
  }

  /**
   * Opens the tensors of a table; null when there are none.
   *
   * @throws {TypeError | RangeError} When they are not what {@linkcode ItemTable.tensors} gives.
   */
  static load(tensors: NamedTensors, items: number): ItemTable | null {
    const count = Object.keys(tensors)
      .filter((name) => /^\d+\.name$/.test(name)).length;
    if (Object.keys(tensors).length === 0) return null;
    const fields = Array.from(
      { length: count },
      (_, index) => openField(tensors, index, items),
    );
    const known = new Set(
      fields.flatMap((field) => Object.keys(field.tensors)),
    );
    for (const name of Object.keys(tensors)) {
      if (!known.has(name)) {
        throw new TypeError(`Tensor ${name} has no place in an item table`);
      }
    }
    return new ItemTable(fields);
  }

  /** Names of the fields, in order. */
  get fields(): readonly string[] {
    return this.#fields.map(({ name }) => name);
  }

  /** All fields of one item. */
  row(item: number): Record<string, ItemValue> {
    return Object.fromEntries(
      this.#fields.map((field) => [field.name, field.value(item)]),
    );
  }

  /** The table as tensors, `<field number>.<part>`. */
  tensors(): NamedTensors {
    return Object.assign({}, ...this.#fields.map(({ tensors }) => tensors));
  }
}

function packField(
  { name, type, values }: ItemField,
  index: number,
): NamedTensors {
  const packed: Record<string, Tensor> = {
    [`${index}.name`]: u8(encoder.encode(name)),
    [`${index}.null`]: u8(
      Uint8Array.from(values, (value) => value === null ? 1 : 0),
    ),
  };
  if (type === "number") {
    const data = Float64Array.from(
      values,
      (value) => value === null ? 0 : Number(value),
    );
    packed[`${index}.numbers`] = { dtype: "f64", shape: [data.length], data };
  } else if (type === "boolean") {
    packed[`${index}.booleans`] = u8(
      Uint8Array.from(values, (value) => value === true ? 1 : 0),
    );
  } else {
    const encoded = values.map((value) =>
      encoder.encode(value === null ? "" : String(value))
    );
    const offsets = new Uint32Array(values.length + 1);
    for (const [n, bytes] of encoded.entries()) {
      offsets[n + 1] = offsets[n]! + bytes.length;
    }
    const bytes = new Uint8Array(offsets[values.length]!);
    for (const [n, each] of encoded.entries()) bytes.set(each, offsets[n]);
    packed[`${index}.text`] = u8(bytes);
    packed[`${index}.offsets`] = {
      dtype: "u32",
      shape: [offsets.length],
      data: offsets,
    };
  }
  return packed;
}

function u8(data: Uint8Array): Tensor {
  return { dtype: "u8", shape: [data.length], data };
}

function openField(
  all: NamedTensors,
  index: number,
  items: number,
): StoredField {
  const tensors: Record<string, Tensor> = {};
  function take<T extends Tensor["data"]>(
    part: string,
    dtype: Tensor["dtype"],
    length?: number,
  ): T {
    const name = `${index}.${part}`;
    const tensor = all[name];
    if (tensor?.dtype !== dtype || tensor.shape.length !== 1) {
      throw new TypeError(
        `Tensor ${name} of the item table must be a list of ${dtype}`,
      );
    }
    if (length !== undefined && tensor.data.length !== length) {
      throw new RangeError(
        `Tensor ${name} has ${tensor.data.length} elements, must have ${length}`,
      );
    }
    tensors[name] = tensor;
    return tensor.data as T;
  }
  const name = decoder.decode(take<Uint8Array>("name", "u8"));
  const missing = take<Uint8Array>("null", "u8", items);
  const value = openValues(
    (part) => Object.hasOwn(all, `${index}.${part}`),
    take,
    items,
  );
  return {
    name,
    tensors,
    value: (item) => missing[item] === 1 ? null : value(item),
  };
}

function openValues(
  has: (part: string) => boolean,
  take: <T extends Tensor["data"]>(
    part: string,
    dtype: Tensor["dtype"],
    length?: number,
  ) => T,
  items: number,
): (item: number) => ItemValue {
  if (has("numbers")) {
    const numbers = take<Float64Array>("numbers", "f64", items);
    return (item) => numbers[item]!;
  }
  if (has("booleans")) {
    const booleans = take<Uint8Array>("booleans", "u8", items);
    return (item) => booleans[item] === 1;
  }
  const text = take<Uint8Array>("text", "u8");
  const offsets = take<Uint32Array>("offsets", "u32", items + 1);
  for (let item = 0; item < items; item++) {
    if (offsets[item]! > offsets[item + 1]!) {
      throw new RangeError(
        `Text offset ${item + 1} of the item table is below the one before`,
      );
    }
  }
  if (offsets[0] !== 0 || offsets[items] !== text.length) {
    throw new RangeError(
      "Text offsets of the item table do not cover its text",
    );
  }
  return (item) =>
    decoder.decode(text.subarray(offsets[item]!, offsets[item + 1]!));
}
