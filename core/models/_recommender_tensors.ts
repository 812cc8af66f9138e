/**
 * How a recommender lies in tensors: one group for each of its parts.
 *
 * @module
 */
import { checkPattern } from "./_check_pattern.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import { IdMap } from "./id_map.ts";
import type { NamedTensors } from "./model.ts";
import type { SeenMatrix } from "./seen_matrix.ts";

/** Groups of tensors: each name starts with one and a dot. */
const PREFIXES = ["users", "items", "seen", "model", "table"] as const;
type Prefix = typeof PREFIXES[number];

/** Tensors by group, without its prefix.
 *
 * @throws {TypeError} When one belongs to none.
 */
export function groupByPrefix(
  tensors: NamedTensors,
): Record<Prefix, NamedTensors> {
  const all = Object.entries(tensors);
  for (const [name] of all) {
    if (!PREFIXES.some((prefix) => name.startsWith(`${prefix}.`))) {
      throw new TypeError(`Tensor "${name}" has no place in a recommender`);
    }
  }
  return Object.fromEntries(PREFIXES.map((prefix) => {
    const own = all.filter(([name]) => name.startsWith(`${prefix}.`)).map(
      ([name, tensor]) => [name.slice(prefix.length + 1), tensor],
    );
    return [prefix, Object.fromEntries(own)];
  })) as Record<Prefix, NamedTensors>;
}

/** The tensors of one group with its prefix. */
export function prefixed(prefix: Prefix, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map((
      [name, tensor],
    ) => [`${prefix}.${name}`, tensor]),
  );
}

/** `bytes` and `offsets`. */
export function idTensors({ bytes, offsets }: IdMap): NamedTensors {
  return { bytes: vector(bytes), offsets: vector(offsets) };
}

/** Opens and checks the ids in a group. */
export function loadIds(what: Prefix, tensors: NamedTensors): IdMap {
  const reader = new TensorReader(`Group "${what}"`, tensors);
  const ids = new IdMap(
    reader.vector("bytes", "u8"),
    reader.vector("offsets", "u32"),
  );
  reader.end();
  try {
    ids.validate();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`Ids of ${what} cannot be used: ${problem}`, {
      cause,
    });
  }
  return ids;
}

/** Opens and checks the seen matrix. */
export function loadSeen(
  tensors: NamedTensors,
  rows: number,
  cols: number,
): SeenMatrix {
  const reader = new TensorReader("Seen matrix", tensors);
  const indices = reader.vector("indices", "u32");
  const seen = {
    rows,
    cols,
    indptr: reader.vector("indptr", "u32", rows + 1),
    indices,
    ...(reader.has("values") && {
      values: reader.finite("values", indices.length),
    }),
  };
  reader.end();
  checkPattern("seen matrix", seen);
  return seen;
}
