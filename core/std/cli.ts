import { parseArgs as parse } from "@std/cli/parse-args";

/** Options of {@linkcode parseArgs} that are used here. */
export interface ParseArgsOptions {
  readonly boolean: readonly string[];
  readonly string: readonly string[];
  readonly collect: readonly string[];
  readonly alias: Readonly<Record<string, string>>;
  /** Called for each flag that is in no list, and with no `key` for each positional; false drops it. */
  readonly unknown: (
    argument: string,
    key?: string,
    value?: unknown,
  ) => unknown;
}

/** Splits command line arguments into flags and, under `_`, positionals. */
export const parseArgs: (
  argv: readonly string[],
  options: ParseArgsOptions,
) => Record<string, unknown> & { readonly _: readonly string[] } = parse;
