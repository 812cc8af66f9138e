import type { ErrorCode } from "../errors.ts";

/** What the loader of a folder sorts failures by. */
export type ErrorClass = "security" | "schema" | "parse" | "io" | "unknown";

/** One thing that is wrong in a document. */
export interface Problem {
  /** Keys and indices from the top to the value. */
  readonly path: readonly (string | number)[];
  /** Whether the key or the value is at fault. */
  readonly at: "key" | "value";
  /** A sentence, without a position. */
  readonly message: string;
  readonly code: ErrorCode;
}

/** Names a value in a message: `training.algorithms[0]`. */
export function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += (text === "" ? "" : ".") + keyText(part);
  }
  return text;
}

/** A key or word of a document, short and without control characters. */
export function keyText(key: string): string {
  if (/^[\p{L}\p{N}_-]{1,64}$/u.test(key)) return key;
  return JSON.stringify(key.length > 64 ? key.slice(0, 61) + "..." : key);
}
