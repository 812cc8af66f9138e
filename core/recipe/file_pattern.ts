import { uriScheme } from "./uri_scheme.ts";

/** Files of one folder whose names look alike. */
export interface FilePattern {
  /** Path or URI of the folder, with a slash at its end. */
  readonly folder: string;
  /** Whether a name is among them. */
  readonly matches: (name: string) => boolean;
}

/**
 * The files that a path names whose last part has a `*`, which stands for any characters, and at the start of a name
 * for none of `.` and `_`, by which things are hidden; null for a path without one, and for what lies on the web, where
 * nothing can be listed.
 *
 * @example
 * ```ts
 * import { filePattern } from "./file_pattern.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pattern = filePattern("s3://bucket/sales/2026-*.parquet")!;
 * assertEquals(pattern.folder, "s3://bucket/sales/");
 * assertEquals(pattern.matches("2026-01.parquet"), true);
 * assertEquals(filePattern("sales.parquet"), null);
 * ```
 */
export function filePattern(path: string): FilePattern | null {
  const start = path.lastIndexOf("/") + 1;
  const name = path.slice(start);
  if (!name.includes("*") || /^https?$/.test(uriScheme(path))) return null;
  const parts = name.split("*");
  return {
    folder: path.slice(0, start) || "./",
    matches: (candidate) =>
      !(parts[0] === "" && /^[._]/.test(candidate)) &&
      fits(candidate, parts),
  };
}

/** Whether a name consists of the parts, in their order, with anything between them. Linear time, as no regular expression. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    at = name.indexOf(part, at);
    if (at < 0 || at + part.length > end) return false;
    at += part.length;
  }
  return true;
}
