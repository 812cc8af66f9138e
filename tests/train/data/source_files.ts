/**
 * Real files for the tests of data sources, and a record of the events.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { EventFields, Events } from "../../../core/config/events.ts";
import { type ErrorCode, RecotemError } from "../../../core/errors.ts";
import { createStore } from "../../../core/storage/create_store.ts";
import type { Store } from "../../../core/storage/store.ts";
import type {
  DataSource,
  SourceColumn,
} from "../../../train/data/data_source.ts";
import type { SourceDependencies } from "../../../train/data/source_dependencies.ts";

/** An event as it was emitted. */
export type RecordedEvent = readonly [
  level: string,
  event: string,
  fields: EventFields,
];

/** Events that are kept in the order they came. */
export function recordedEvents(): { events: Events; record: RecordedEvent[] } {
  const record: RecordedEvent[] = [];
  const at = (level: string) => (event: string, fields: EventFields = {}) => {
    record.push([level, event, fields]);
  };
  return {
    record,
    events: {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
    },
  };
}

/** Local files. */
export const localStore: Store = createStore();

/** Dependencies on local files; options replace single ones. */
export function localDependencies(
  options: Partial<SourceDependencies> = {},
): SourceDependencies & { readonly record: RecordedEvent[] } {
  const { events, record } = recordedEvents();
  return {
    store: localStore,
    events,
    maxBytes: 2 ** 28,
    ...options,
    record,
  };
}

/** A file called `name` in a folder of its own, gone at the end of the scope. */
export async function temporaryFile(
  name: string,
  content: string | Uint8Array,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/${name}`;
  await Deno.writeFile(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A signal that nobody aborts. */
export function noAbort(): AbortSignal {
  return new AbortController().signal;
}

/** Everything that a source delivers: column name → values; numbers as they are. */
export async function readAll(
  source: DataSource,
  columns: readonly SourceColumn[],
  signal: AbortSignal = noAbort(),
): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for await (const batch of source.batches(columns, signal)) {
    assert(batch.rows > 0);
    for (const [name, { values }] of batch.columns) {
      assert(values.length === batch.rows);
      const into = all[name] ??= [];
      for (const value of values) into.push(value);
    }
  }
  return all;
}

/** Text columns of these names. */
export function ids(...names: string[]): SourceColumn[] {
  return names.map((name) => ({ name, role: "id" }));
}

/** Value columns of these names. */
export function values(...names: string[]): SourceColumn[] {
  return names.map((name) => ({ name, role: "value" }));
}

/** Runs `action`, which must fail with `code`, and returns the error. */
export async function refusal(
  action: () => Promise<unknown>,
  code: ErrorCode,
): Promise<RecotemError> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof RecotemError)) throw error;
    assert(error.code === code, `${error.code}: ${error.message}`);
    assert(!error.message.includes("\n"));
    return error;
  }
  throw new Error(`nothing was refused; expected ${code}`);
}

/** The bytes of a text, compressed by the command of that name. */
export async function compressed(
  command: "gzip" | "bzip2" | "xz",
  content: string | Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const process = new Deno.Command(command, {
    args: ["-c"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const [{ stdout }] = await Promise.all([
    process.output(),
    writer.write(
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ).then(() => writer.close()),
  ]);
  return stdout;
}
