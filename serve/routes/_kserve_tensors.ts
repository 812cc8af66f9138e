/** A tensor of the Open Inference Protocol. */
interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly (string | number)[];
}

/** An element of the answer of `:batch-recommend`. */
export interface BatchResult {
  readonly items?: readonly {
    readonly item_id: string;
    readonly score: number;
  }[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** What is no fault of the request: the user's row has no items. */
const EMPTY = ["UNKNOWN_USER", "NO_CANDIDATES"];

/** The users that inference is asked for, or null when the inputs are not as they must be. */
export function readUsers(inputs: unknown): readonly unknown[] | null {
  if (!Array.isArray(inputs) || inputs.length !== 1) return null;
  const { name, datatype, shape, data } = Object(inputs[0]);
  if (name !== "user_id" || datatype !== "BYTES") return null;
  if (!Array.isArray(shape) || !Array.isArray(data)) return null;
  // A tensor's data may be nested as its shape is, or flat.
  const users = data.flat();
  const extent = shape.reduce((product, each) => product * each, 1);
  return users.length === extent ? users : null;
}

/** The lists as rows of equal length; or what is wrong with one of the users. */
export function tensorsOf(
  results: readonly BatchResult[],
): { readonly outputs: readonly OutputTensor[] } | { readonly error: string } {
  const rows = results.map(({ items = [] }) => items);
  const fault = results.find(({ error }) =>
    error && !EMPTY.includes(error.code)
  );
  if (fault) return { error: fault.error!.message };
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const shape = [rows.length, width];
  function fill<T extends string | number>(
    value: (item: { item_id: string; score: number }) => T,
    rest: T,
  ): T[] {
    return rows.flatMap((row) =>
      Array.from({ length: width }, (_, n) => row[n] ? value(row[n]) : rest)
    );
  }
  return {
    outputs: [
      {
        name: "item_id",
        datatype: "BYTES",
        shape,
        data: fill(({ item_id }) => item_id, ""),
      },
      {
        name: "score",
        datatype: "FP32",
        shape,
        data: fill(({ score }) => score, 0),
      },
      {
        name: "count",
        datatype: "INT32",
        shape: [rows.length],
        data: rows.map(({ length }) => length),
      },
    ],
  };
}
