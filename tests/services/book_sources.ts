/**
 * A recipe of loans for every type of source, and for every place that files of its type are read from.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { parquetWriteBuffer } from "hyparquet-writer";
import { withAnswerTables } from "./answer_tables.ts";
import { startBqemulator } from "./bqemulator.ts";
import type { Cloud, Variables } from "./clouds.ts";
import { type DataPlace, placeIn, startWeb } from "./data_places.ts";
import { fillTable, SQL_SUBJECTS } from "./sql_subjects.ts";

/** Who borrowed what, a column each. */
export type Loans = Readonly<Record<"reader" | "book", readonly string[]>>;

/** A source that runs. */
export interface BookSource extends AsyncDisposable {
  /** Hosts and ports that it is read from. */
  readonly hosts: readonly string[];
  readonly env: Variables;
  /** What nothing that is written may hold. */
  readonly secrets: readonly string[];
  /** Keeps loans in the place of those before; answers the recipe's `source`. */
  keep(loans: Loans): Promise<string>;
}

/** A recipe to try: where it reads, and the store that it publishes to. */
export interface BookRecipe {
  /** Its scheme. */
  readonly store: string;
  /** Starts the source; one that is in the store lives there. */
  start(store: Cloud): Promise<BookSource>;
}

/** Name → recipe. */
export const BOOK_RECIPES: Readonly<Record<string, BookRecipe>> = {
  "csv from s3": inStore("csv", "s3"),
  "csv from gs": inStore("csv", "gs"),
  "csv from az": inStore("csv", "az"),
  "csv from the web": onTheWeb("csv", "gs"),
  "parquet from s3": inStore("parquet", "s3"),
  "parquet from gs": inStore("parquet", "gs"),
  "parquet from az": inStore("parquet", "az"),
  "parquet from the web": onTheWeb("parquet", "az"),
  PostgreSQL: inServer("PostgreSQL", "s3"),
  MariaDB: inServer("MariaDB", "gs"),
  SQLite: { store: "az", start: sqliteSource },
  BigQuery: { store: "s3", start: bigQuerySource },
};

const SQL_SOURCE =
  "{ type: sql, dsn_env: RECOTEM_RECIPE_DB, query: 'SELECT reader, book FROM loans' }";

function inStore(type: "csv" | "parquet", store: string): BookRecipe {
  return {
    store,
    start: (cloud) => Promise.resolve(fileSource(type, placeIn(cloud))),
  };
}

function onTheWeb(type: "csv" | "parquet", store: string): BookRecipe {
  return { store, start: async () => fileSource(type, await startWeb()) };
}

function inServer(
  kind: keyof typeof SQL_SUBJECTS,
  store: string,
): BookRecipe {
  return {
    store,
    async start() {
      const subject = await SQL_SUBJECTS[kind]!();
      const { host, port, password } = subject.server;
      return {
        hosts: [`${host}:${port}`],
        env: {
          RECOTEM_RECIPE_DB: subject.dsn(),
          RECOTEM_SQL_ALLOW_PRIVATE: "1",
        },
        secrets: [password, encodeURIComponent(password)],
        async keep(loans) {
          await fillTable(subject, "loans", loans);
          return SQL_SOURCE;
        },
        [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
      };
    },
  };
}

function fileSource(type: "csv" | "parquet", place: DataPlace): BookSource {
  const name = `loans.${type}`;
  const uri = place.uri(name, place.port);
  return {
    hosts: [`127.0.0.1:${place.port}`],
    env: place.through(place.port),
    secrets: place.secrets,
    async keep(loans) {
      const bytes = type === "csv" ? csv(loans) : parquet(loans);
      await place.put(name, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return `{ type: ${type}, path: "${uri}"${
        place.stores ? "" : `, sha256: ${sha256}`
      } }`;
    },
    async [Symbol.asyncDispose]() {
      if (!place.stores) await place[Symbol.asyncDispose]();
    },
  };
}

function csv({ reader, book }: Loans): Uint8Array {
  const rows = reader.map((each, row) => `${each},${book[row]}\n`);
  return new TextEncoder().encode(`reader,book\n${rows.join("")}`);
}

function parquet(loans: Loans): Uint8Array {
  const columnData = Object.entries(loans).map(([name, data]) => ({
    name,
    data: [...data],
    type: "STRING" as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

async function sqliteSource(): Promise<BookSource> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const path = `${folder}/loans.db`;
  return {
    hosts: [],
    env: { RECOTEM_RECIPE_DB: `sqlite:///${path}` },
    secrets: [],
    keep({ reader, book }) {
      using database = new DatabaseSync(path);
      database.exec(
        "DROP TABLE IF EXISTS loans; CREATE TABLE loans (reader, book)",
      );
      const insert = database.prepare("INSERT INTO loans VALUES (?, ?)");
      reader.forEach((each, row) => insert.run(each, book[row]!));
      return Promise.resolve(SQL_SOURCE);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function bigQuerySource(): Promise<BookSource> {
  const server = await withAnswerTables(await startBqemulator());
  const { BIGQUERY_EMULATOR_HOST, BIGQUERY_STORAGE_EMULATOR_HOST } = server.env;
  return {
    hosts: [BIGQUERY_EMULATOR_HOST!, BIGQUERY_STORAGE_EMULATOR_HOST!],
    env: server.env,
    secrets: [],
    keep({ reader, book }) {
      const rows = reader.map((each, row) =>
        `STRUCT("${each}" AS reader, "${book[row]}" AS book)`
      );
      return Promise.resolve(
        `{ type: bigquery, query: 'SELECT * FROM UNNEST([${
          rows.join(", ")
        }])' }`,
      );
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
