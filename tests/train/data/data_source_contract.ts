/**
 * What every data source promises, run by the test of each.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { DataSource } from "../../../train/data/data_source.ts";
import type { SourceDependencies } from "../../../train/data/source_dependencies.ts";
import {
  ids,
  localDependencies,
  noAbort,
  readAll,
  refusal,
} from "./source_files.ts";

/** A table to put behind the source: text columns of one length, null where there is nothing. */
export type TextTable = Readonly<Record<string, readonly (string | null)[]>>;

/** How the suite gets a source of one type. */
export interface DataSourceSubject {
  readonly type: string;
  /** Puts a table where `open` will find it; gone at the end of the scope. */
  store(table: TextTable): Promise<{ readonly path: string } & AsyncDisposable>;
  /** A source of what lies at `path`. */
  open(
    path: string,
    dependencies: SourceDependencies,
    sha256?: string,
  ): DataSource;
}

/** A table with every kind of id that a reader may be tempted to change. */
const TABLE = {
  user: ["007", "5", "NA", "null", "1e3", " a ", "ü日本", null],
  item: ["x", "nan", "None", "-0", "true", "2010-12-01", "a,b", "z"],
  other: ["1", "2", "3", "4", "5", "6", "7", "8"],
};

/** Registers the tests for one type of source. */
export function testDataSource(subject: DataSourceSubject): void {
  const { type } = subject;

  Deno.test(`${type} source reads the asked-for columns in source row order, ids unchanged`, async () => {
    await using file = await subject.store(TABLE);
    const source = subject.open(file.path, localDependencies());
    assertEquals(source.type, type);
    const read = await readAll(source, ids("item", "user"));
    assertEquals(read, { item: TABLE.item, user: TABLE.user });
  });

  Deno.test(`${type} source leaves an optional missing column out and refuses any other, naming ten there are`, async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
    await using file = await subject.store(
      Object.fromEntries(names.map((name) => [name, ["1"]])),
    );
    const source = subject.open(file.path, localDependencies());
    const read = await readAll(source, [
      ...ids("c3"),
      { name: "gone", role: "value", optional: true },
    ]);
    assertEquals(read, { c3: ["1"] });
    const error = await refusal(
      () => readAll(source, ids("c3", "gone")),
      "datasource_error",
    );
    assertMatch(error.message, /"gone"; it has "c0", .*"c9" and 2 more$/);
    assertEquals(error.exitCode, 3);
  });

  Deno.test(`${type} source refuses a table without rows`, async () => {
    await using file = await subject.store({ user: [], item: [] });
    const source = subject.open(file.path, localDependencies());
    await refusal(() => readAll(source, ids("user")), "datasource_error");
  });

  Deno.test(`${type} source refuses a file that is not there, already at probe`, async () => {
    const source = subject.open("/nowhere/table", localDependencies());
    await refusal(() => source.probe(noAbort()), "datasource_error");
    await refusal(() => readAll(source, ids("user")), "datasource_error");
  });

  Deno.test(`${type} source refuses a scheme that nothing is stored under`, async () => {
    const source = subject.open("s3://bucket/table", localDependencies());
    const error = await refusal(
      () => source.probe(noAbort()),
      "datasource_error",
    );
    assertMatch(error.message, /"s3"/);
  });

  Deno.test(`${type} source probes without reading`, async () => {
    await using file = await subject.store(TABLE);
    const { store, ...rest } = localDependencies();
    const read = () => Promise.reject(new Error("read"));
    const source = subject.open(file.path, {
      ...rest,
      store: { ...store, read },
    });
    await source.probe(noAbort());
  });

  Deno.test(`${type} source refuses more raw bytes than the cap, by stat and while reading`, async () => {
    await using file = await subject.store(TABLE);
    const { size } = await Deno.stat(file.path);
    const capped = localDependencies({ maxBytes: size - 1 });
    const source = subject.open(file.path, capped);
    const error = await refusal(
      () => readAll(source, ids("user")),
      "datasource_error",
    );
    assertMatch(error.message, /RECOTEM_MAX_DOWNLOAD_BYTES/);
    await refusal(() => source.probe(noAbort()), "datasource_error");
    assertEquals(
      capped.record.filter(([level]) => level === "warn"),
      [
        "readAll",
        "probe",
      ].map(() => [
        "warn",
        `${type}_source_size_exceeded`,
        { path: file.path, bytes_read: 0, cap: size - 1 },
      ]),
    );

    // A file that grows between stat and read, or a store that announces too little.
    const { store } = capped;
    const lying = localDependencies({
      maxBytes: size - 1,
      store: {
        ...store,
        stat: () => Promise.resolve({ marker: "", size: size - 1 }),
        read: (uri) => store.read(uri),
      },
    });
    await refusal(
      () => readAll(subject.open(file.path, lying), ids("user")),
      "datasource_error",
    );
    assertEquals(lying.record.at(-1)?.[1], `${type}_source_size_exceeded`);
  });

  Deno.test(`${type} source accepts the right sha256 and refuses another with exit 7, showing eight digits`, async () => {
    await using file = await subject.store(TABLE);
    const digest = new Uint8Array(
      await crypto.subtle.digest("SHA-256", await Deno.readFile(file.path)),
    ).toHex();
    const dependencies = localDependencies();
    const pinned = subject.open(file.path, dependencies, digest);
    assertEquals(await readAll(pinned, ids("user")), { user: TABLE.user });
    assertEquals(dependencies.record.at(-1)?.[2].sha256_verified, true);

    const wrong = digest.replace(/^./, (c) => c === "0" ? "1" : "0");
    const source = subject.open(file.path, dependencies, wrong);
    const error = await refusal(
      () => readAll(source, ids("user")),
      "http_fetch_error",
    );
    assertEquals(error.exitCode, 7);
    assertEquals(
      error.message,
      `The sha256 of ${file.path} is ${digest.slice(0, 8)}…, the recipe pins ${
        wrong.slice(0, 8)
      }…`,
    );
  });

  Deno.test(`${type} source says when it starts and what it has read`, async () => {
    await using file = await subject.store(TABLE);
    const dependencies = localDependencies();
    const source = subject.open(file.path, dependencies);
    await readAll(source, ids("user", "item"));
    const { size } = await Deno.stat(file.path);
    assertEquals(dependencies.record, [
      ["info", `${type}_source_fetch_start`, { path: file.path }],
      ["info", `${type}_source_fetch_done`, {
        path: file.path,
        rows: 8,
        bytes: size,
        sha256_verified: false,
        columns: ["user", "item"],
      }],
    ]);
  });

  Deno.test(`${type} source ends with the reason when it is aborted`, async () => {
    await using file = await subject.store(TABLE);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const source = subject.open(file.path, localDependencies());
    await assertRejects(
      () => readAll(source, ids("user"), controller.signal),
      Error,
      "enough",
    );
  });
}
