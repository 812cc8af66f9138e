import type { RecotemError } from "../errors.ts";
import { parseYaml } from "../std/yaml.ts";
import { pathText } from "./problem.ts";
import { errorAt, problemsError } from "./_recipe_error.ts";

const MAX_BYTES = 2 ** 18;
const MAX_ALIASES = 100;
const MAX_NODES = 100_000;
const MAX_DEPTH = 100;

/** A text that may be an alias, and also one within a comment or a quoted text. */
const ALIAS_LIKE = /(?:^|[\s,[\]{}:])\*[^\s,[\]{}]/g;
const NOT_PRINTABLE =
  // deno-lint-ignore no-control-regex -- these are what YAML excludes
  /[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]|\p{Surrogate}/u;
const CORE_INTEGER = /^(?:[-+]?[0-9]+|0x[0-9a-fA-F]+)$/;
const CORE_FLOAT =
  /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const CORE_NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * Reads one YAML 1.2 document (core schema) whose top level is a mapping. No tags but `!!str`, `!!seq` and `!!map`, no
 * duplicate keys, at most 100 aliases, 100,000 nodes once aliases are expanded, 100 levels, 256 KiB.
 *
 * @param source Bytes of the file, or their text.
 * @param path Name of the file in messages.
 * @returns The document's text and its value; no part of the value is shared between two places.
 * @throws {RecotemError} `recipe_error` with line and column.
 */
export async function readYaml(
  source: Uint8Array | string,
  path: string,
): Promise<{ text: string; document: Record<string, unknown> }> {
  const text = decode(source, path);
  if (
    (text.match(ALIAS_LIKE)?.length ?? 0) > MAX_ALIASES &&
    (await import("./_locator.ts")).countAliases(text) > MAX_ALIASES
  ) {
    throw errorAt(
      path,
      positionOf(text, text.search(ALIAS_LIKE)),
      `More than ${MAX_ALIASES} aliases: write the values out`,
      { errorClass: "parse" },
    );
  }
  // What a number looked like is lost in the first reading and kept in the second, where all scalars are text.
  const typed = parse(text, path, "core");
  const untyped = parse(text, path, "failsafe");
  if (
    typeof typed !== "object" || typed === null || Array.isArray(typed)
  ) {
    throw errorAt(
      path,
      { line: 1, column: 1 },
      "The top level must be a mapping of keys such as name, source and training",
      { errorClass: "parse" },
    );
  }
  try {
    const document = resolveNode(typed, untyped, [], { nodes: 0 });
    return { text, document: document as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw await problemsError(path, text, [{
      path: error.path,
      at: "key",
      message: error.message,
      code: "recipe_error",
    }]);
  }
}

function decode(source: Uint8Array | string, path: string): string {
  if (source.length > MAX_BYTES) {
    throw errorAt(
      path,
      { line: 1, column: 1 },
      `The file has ${source.length} bytes: a recipe has at most ${MAX_BYTES}`,
      { errorClass: "parse" },
    );
  }
  let text: string;
  try {
    text = typeof source === "string"
      ? source.replace(/^\uFEFF/, "")
      : new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch (cause) {
    const lossy = new TextDecoder().decode(source as Uint8Array);
    throw errorAt(
      path,
      positionOf(lossy, lossy.indexOf("\uFFFD")),
      "Not UTF-8 text: save the file as UTF-8",
      { errorClass: "parse", cause },
    );
  }
  const control = text.search(NOT_PRINTABLE);
  if (control >= 0) {
    const code = text.codePointAt(control)!.toString(16).toUpperCase();
    throw errorAt(
      path,
      positionOf(text, control),
      `Control character U+${code.padStart(4, "0")}: remove it`,
      { errorClass: "parse" },
    );
  }
  return text;
}

function parse(
  text: string,
  path: string,
  schema: "core" | "failsafe",
): unknown {
  try {
    return parseYaml(text, { schema });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw errorAt(
        path,
        { line: 1, column: 1 },
        `Nested too deeply: at most ${MAX_DEPTH} levels`,
        { errorClass: "parse", cause },
      );
    }
    if (!(cause instanceof Error)) throw cause;
    throw syntaxError(text, path, cause);
  }
}

/** The parser's words, without its own position and copy of the line. */
function syntaxError(
  text: string,
  path: string,
  cause: Error & { readonly offset?: number },
): RecotemError {
  const words = cause.message.replace(/ at line \d+, column .*/s, "")
    .replace(/\s+/g, " ").slice(0, 120);
  let offset = cause.offset ?? 0;
  let message = `Not valid YAML: ${words}`;
  if (words.includes("unknown tag")) {
    offset = text.slice(0, offset).search(/!\S*\s*\S*\s*$/);
    message = "Tags are not supported: remove the tag";
  } else if (words.includes("duplicated key")) {
    const key = /^(["']?)([\w.-]{1,64})\1\s*:/.exec(text.slice(offset))?.[2];
    message = `Duplicate key${key ? ` "${key}"` : ""}: keep one`;
  }
  return errorAt(path, positionOf(text, offset), message, {
    errorClass: "parse",
    cause,
  });
}

/** What is wrong at a path of the document. */
class Refusal extends Error {
  constructor(readonly path: readonly (string | number)[], message: string) {
    super(message);
  }
}

/**
 * Copies a node, aliases written out, numbers as YAML 1.2 has them: the parser follows YAML 1.1 in reading `012` as 10
 * and `1_000` and `0b11` as numbers.
 */
function resolveNode(
  typed: unknown,
  untyped: unknown,
  path: readonly (string | number)[],
  count: { nodes: number },
): unknown {
  if (++count.nodes > MAX_NODES) {
    throw new Refusal([], `More than ${MAX_NODES} values, aliases written out`);
  }
  if (path.length > MAX_DEPTH) {
    throw new Refusal([path[0]!], `Nested deeper than ${MAX_DEPTH} levels`);
  }
  if (Array.isArray(typed)) {
    const others = untyped as readonly unknown[];
    return typed.map((each, i) =>
      resolveNode(each, others[i], [...path, i], count)
    );
  }
  if (typeof typed === "object" && typed !== null) {
    const values = typed as Readonly<Record<string, unknown>>;
    const others = untyped as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.keys(others).map((key) => {
        if (!Object.hasOwn(values, key)) {
          throw new Refusal(
            [...path, key],
            `Key ${
              pathText([...path, key])
            } is not text in YAML: write it in quotes`,
          );
        }
        return [
          key,
          resolveNode(values[key], others[key], [...path, key], count),
        ];
      }),
    );
  }
  return typeof typed === "number" ? coreNumber(untyped as string) : typed;
}

function coreNumber(text: string): number | string {
  if (CORE_INTEGER.test(text) || CORE_FLOAT.test(text)) return Number(text);
  if (!CORE_NOT_FINITE.test(text)) return text;
  if (/nan$/i.test(text)) return NaN;
  return text.startsWith("-") ? -Infinity : Infinity;
}

/** Line and column of an offset, both from 1. */
function positionOf(
  text: string,
  offset: number,
): { line: number; column: number } {
  const before = text.slice(0, Math.max(offset, 0)).split(/\r\n|\r|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
