import { RecotemError } from "../../../core/errors.ts";

/** Names that Python's codecs have and the web's encodings lack. */
const ALIASES: Readonly<Record<string, string>> = {
  "utf-8-sig": "utf-8",
  "utf-16-le": "utf-16le",
  "utf-16-be": "utf-16be",
  "latin-1": "latin1",
  "cp932": "shift_jis",
  "ms932": "shift_jis",
  "mac-roman": "macintosh",
};

/**
 * The bytes of text in `encoding`, as UTF-8; UTF-8 itself passes unchanged and unchecked. Names are those of the
 * WHATWG Encoding Standard and the common Python ones, in any case, `_` for `-`; `utf-16` obeys a byte order mark.
 *
 * Throws `datasource_error` for an unknown name or bytes that the encoding does not know.
 */
export async function* toUtf8(
  bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { encoding, path }: { encoding: string; path: string },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const name = encoding.trim().toLowerCase().replaceAll("_", "-");
  const decoder = decoderFor(ALIASES[name] ?? name, encoding);
  if (decoder.encoding === "utf-8") {
    yield* bytes;
    return;
  }
  const encoder = new TextEncoder();
  let active = decoder;
  let first = true;
  for await (const chunk of bytes) {
    if (first && name.startsWith("utf-16") && startsBigEndian(chunk)) {
      active = decoderFor("utf-16be", encoding);
    }
    if (chunk.length > 0) first = false;
    yield encoder.encode(decode(active, chunk, true, { encoding, path }));
  }
  const rest = decode(active, new Uint8Array(), false, { encoding, path });
  if (rest !== "") yield encoder.encode(rest);
}

function startsBigEndian(chunk: Uint8Array): boolean {
  return chunk[0] === 0xfe && chunk[1] === 0xff;
}

function decoderFor(label: string, encoding: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (cause) {
    throw new RecotemError(
      "datasource_error",
      `Unknown encoding "${encoding}" in source.encoding; use a name such as utf-8, utf-16, latin1 or shift_jis`,
      { cause },
    );
  }
}

function decode(
  decoder: TextDecoder,
  chunk: Uint8Array<ArrayBuffer>,
  stream: boolean,
  { encoding, path }: { encoding: string; path: string },
): string {
  try {
    return decoder.decode(chunk, { stream });
  } catch (cause) {
    throw new RecotemError(
      "datasource_error",
      `${path} is not ${encoding} text; set source.encoding to the encoding that it was written in`,
      { cause },
    );
  }
}
