/**
 * A source that makes its rows up: the pattern for plugins, and data to try a recipe on.
 *
 * @module
 */
import type {
  DataSource,
  DataSourcePlugin,
  PluginOptions,
  RowBatch,
} from "../../mod.ts";

/** What the block of a recipe may hold, with its defaults. */
interface EchoOptions {
  readonly n_users: number;
  readonly n_items: number;
  readonly n_rows: number;
  readonly seed: number;
}

const DEFAULTS: EchoOptions = {
  n_users: 10,
  n_items: 20,
  n_rows: 100,
  seed: 42,
};

/** 2010-01-01; rows are a second apart. */
const START_SECONDS = 1_262_304_000;

function readOptions(options: PluginOptions): EchoOptions {
  const read = { ...DEFAULTS, ...options };
  for (const [key, value] of Object.entries(read)) {
    if (!Object.hasOwn(DEFAULTS, key)) {
      throw new TypeError(
        `Unknown key ${key} in source: there are ${
          Object.keys(DEFAULTS).join(", ")
        }`,
      );
    }
    if (!Number.isSafeInteger(value) || value < (key === "seed" ? 0 : 1)) {
      throw new TypeError(
        `Key source.${key} must be a whole number, at least 1`,
      );
    }
  }
  if (read.n_rows > read.n_users * read.n_items) {
    throw new TypeError(
      "Key source.n_rows must be at most n_users times n_items, so that pairs differ",
    );
  }
  return read;
}

/** Distinct pairs, drawn by a full-period generator over all of them. */
function* pairs(
  { n_users, n_items, n_rows, seed }: EchoOptions,
): Generator<readonly [user: number, item: number]> {
  const all = n_users * n_items;
  const seen = new Set<number>();
  for (let state = seed >>> 0; seen.size < n_rows;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let pair = Math.floor(state / 2 ** 32 * all);
    while (seen.has(pair)) pair = (pair + 1) % all;
    seen.add(pair);
    yield [Math.floor(pair / n_items), pair % n_items];
  }
}

function echoSource(options: EchoOptions): DataSource {
  return {
    type: "echo",
    probe: () => Promise.resolve(),
    async *batches(columns): AsyncGenerator<RowBatch> {
      const rows = await Promise.resolve([...pairs(options)]);
      const all: RowBatch["columns"] = new Map([
        ["user_id", {
          type: "text",
          values: rows.map(([user]) => `user-${user}`),
        }],
        ["item_id", {
          type: "text",
          values: rows.map(([, item]) => `item-${item}`),
        }],
        ["timestamp", {
          type: "number",
          values: Float64Array.from(rows, (_, row) => START_SECONDS + row),
        }],
      ]);
      for (const { name, optional } of columns) {
        if (!all.has(name) && !optional) {
          throw new TypeError(
            `There is no column "${name}", only ${[...all.keys()].join(", ")}`,
          );
        }
      }
      yield { rows: rows.length, columns: all };
    },
  };
}

const plugin: DataSourcePlugin = {
  type: "echo",
  noExpandFields: [],
  permissions: () => ({ read: [], net: [], env: [] }),
  create: (options) => echoSource(readOptions(options)),
};
export default plugin;
