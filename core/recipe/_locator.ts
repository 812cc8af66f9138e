/**
 * Where in a document a value stands. Loaded only when there is an error to report: the parser behind it is larger
 * than all else here.
 *
 * @module
 */
import process from "node:process";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { Problem } from "./problem.ts";

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds the keys and values of one document. */
export function createLocator(
  text: string,
): (problem: Pick<Problem, "path" | "at">) => Position {
  const counter = new LineCounter();
  const document = withoutEnvironment(() =>
    parseDocument(text, { lineCounter: counter, uniqueKeys: false })
  );
  return ({ path, at }) => {
    const { line, col } = counter.linePos(offsetOf(document, path, at));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

/** Counts the aliases of a document without following one. */
export function countAliases(text: string): number {
  let count = 0;
  let previous = "";
  for (const token of new Lexer().lex(text)) {
    // "\x1f" announces a scalar, whose text may start with an asterisk too.
    if (token.startsWith("*") && previous !== "\x1f") count++;
    previous = token;
  }
  return count;
}

/** Offset of a key or value, or of the nearest thing around it that is there. */
function offsetOf(
  document: Document,
  path: readonly (string | number)[],
  at: "key" | "value",
): number {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isSeq(node)) {
      node = node.items[Number(part)] as Node | null ?? null;
      if (node === null) break;
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) =>
        isScalar(key) && (key.source ?? String(key.value)) === String(part)
      );
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      if (at === "key" && depth === path.length - 1) break;
      node = pair.value as Node | null;
    } else break;
    // An absent value has the place of its key.
    if (node?.range && node.range[1] > node.range[0]) offset = node.range[0];
  }
  return offset;
}

/**
 * The parser looks up two debugging variables, LOG_TOKENS and LOG_STREAM, which this process has no permission to
 * read; it finds an empty environment instead while it runs.
 */
function withoutEnvironment<T>(parse: () => T): T {
  const environment = process.env;
  try {
    process.env = {};
    return parse();
  } finally {
    process.env = environment;
  }
}
