/**
 * Parses JSON that leaves no doubt: `JSON.parse` takes the last of two equal keys and any depth, where another reader of
 * the same bytes may take the first or give up.
 *
 * @param text The JSON text.
 * @param maxDepth How deep arrays and objects may nest.
 * @returns The value.
 * @throws {SyntaxError} When the text is not JSON, nests too deep or repeats a key.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  const value: unknown = JSON.parse(text);
  // First the text, because walking a value recurses as deep as it nests.
  const written = countWrittenMembers(text, maxDepth);
  // Of equal keys one is left, so a value with a repeated key has fewer members than its text.
  if (countMembers(value) !== written) {
    throw new SyntaxError("A key is repeated");
  }
  return value;
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += countMembers(element);
    return count;
  }
  // An object of JSON.parse inherits nothing that can be enumerated.
  for (const key in value) {
    count += 1 + countMembers(value[key as keyof typeof value]);
  }
  return count;
}

/** Counts the colons between strings; the text is known to be valid. */
function countWrittenMembers(text: string, maxDepth: number): number {
  let count = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x3a: // :
        count++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) throw new SyntaxError("Nesting is too deep");
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
  return count;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; text.charCodeAt(at) !== 0x22; at++) {
    if (text.charCodeAt(at) === 0x5c) at++;
  }
  return at;
}
