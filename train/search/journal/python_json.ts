/**
 * JSON with the numbers that Python's `json` adds to it: bare `NaN`, `Infinity` and `-Infinity`.
 *
 * @module
 */

/** Strings, and the words that JSON lacks. */
const WORDS = /"(?:[^"\\]|\\.)*"|-?NaN|Infinity/g;

/** A number that JSON reads as 0 and nobody writes. */
const NAN = "0e-99999";

/** @throws {SyntaxError} If the text is not JSON of that kind. */
export function parsePythonJson(text: string): unknown {
  const standard = text.replace(
    WORDS,
    (word) => word === "NaN" ? NAN : word === "Infinity" ? "1e999" : word,
  );
  return JSON.parse(standard, revive);
}

// The third argument is newer than the compiler's declaration of JSON.parse.
function revive(
  _key: string,
  value: unknown,
  ...[context]: { source?: string }[]
): unknown {
  return context?.source === NAN ? NaN : value;
}

/** One line, without blanks. Properties that are undefined are left out. */
export function formatPythonJson(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    return `[${value.map(formatPythonJson).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const properties = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => `${JSON.stringify(key)}:${formatPythonJson(each)}`);
    return `{${properties.join(",")}}`;
  }
  return JSON.stringify(value);
}
