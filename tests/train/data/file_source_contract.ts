/**
 * What every data source that reads a file promises, run by the test of each.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import {
  CONTRACT_TABLE as TABLE,
  testDataSource,
  type TextTable,
} from "./data_source_contract.ts";
import type { DataSource } from "../../../train/data/data_source.ts";
import type { SourceDependencies } from "../../../train/data/source_dependencies.ts";
import {
  ids,
  localDependencies,
  noAbort,
  readAll,
  refusal,
} from "./source_files.ts";

/** How the suite gets a source of one type. */
export interface FileSourceSubject {
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

/** Registers the tests for one type of source. */
export function testFileSource(subject: FileSourceSubject): void {
  const { type } = subject;
  testDataSource({
    type,
    async store(table) {
      const file = await subject.store(table);
      return {
        open: (dependencies) => subject.open(file.path, dependencies),
        [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
      };
    },
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
    assertEquals(await readAll(pinned, ids("user")), { user: [...TABLE.user] });
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
}
