/**
 * What every data source promises, run by the test of each.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { DataSource } from "../../../train/data/data_source.ts";
import type { SourceDependencies } from "../../../train/data/source_dependencies.ts";
import { ids, localDependencies, readAll, refusal } from "./source_files.ts";

/** A table to put behind the source: text columns of one length, null where there is nothing. */
export type TextTable = Readonly<Record<string, readonly (string | null)[]>>;

/** How the suite gets a source of one type. */
export interface DataSourceSubject {
  /** `source.type`. */
  readonly type: string;
  /** Further words in the tests' names. */
  readonly kind?: string;
  /** Puts a table where `open` will find it; gone at the end of the scope. */
  store(
    table: TextTable,
  ): Promise<
    {
      readonly open: (dependencies: SourceDependencies) => DataSource;
    } & AsyncDisposable
  >;
}

/** A table with every kind of id that a reader may be tempted to change. */
export const CONTRACT_TABLE: Readonly<
  Record<"user" | "item" | "other", readonly (string | null)[]>
> = {
  user: ["007", "5", "NA", "null", "1e3", " a ", "ü日本", null],
  item: ["x", "nan", "None", "-0", "true", "2010-12-01", "a,b", "z"],
  other: ["1", "2", "3", "4", "5", "6", "7", "8"],
};

/** Registers the tests for one type of source. */
export function testDataSource(subject: DataSourceSubject): void {
  const { type, kind } = subject;
  const name = kind === undefined ? type : `${type} (${kind})`;

  Deno.test(`${name} source reads the asked-for columns in source row order, ids unchanged`, async () => {
    await using file = await subject.store(CONTRACT_TABLE);
    const source = file.open(localDependencies());
    assertEquals(source.type, type);
    const read = await readAll(source, ids("item", "user"));
    assertEquals(read, {
      item: [...CONTRACT_TABLE.item],
      user: [...CONTRACT_TABLE.user],
    });
  });

  Deno.test(`${name} source leaves an optional missing column out and refuses any other, naming ten there are`, async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
    await using file = await subject.store(
      Object.fromEntries(names.map((name) => [name, ["1"]])),
    );
    const source = file.open(localDependencies());
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

  Deno.test(`${name} source refuses a table without rows`, async () => {
    await using file = await subject.store({ user: [], item: [] });
    const source = file.open(localDependencies());
    await refusal(() => readAll(source, ids("user")), "datasource_error");
  });

  Deno.test(`${name} source ends with the reason when it is aborted`, async () => {
    await using file = await subject.store(CONTRACT_TABLE);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const source = file.open(localDependencies());
    await assertRejects(
      () => readAll(source, ids("user"), controller.signal),
      Error,
      "enough",
    );
  });
}
