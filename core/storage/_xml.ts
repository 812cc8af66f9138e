const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/** The texts of all elements of a name that hold nothing but text, in a document without comments and CDATA. */
export function xmlTexts(xml: string, name: string): string[] {
  const element = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, "g");
  return Array.from(xml.matchAll(element), ([, text]) => unescape(text!));
}

function unescape(text: string): string {
  return text.replace(
    /&(?:(\w+)|#(\d+)|#x([0-9a-f]+));/gi,
    (entity, name, decimal, hex) =>
      name === undefined
        ? String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16))
        : ENTITIES[name] ?? entity,
  );
}
