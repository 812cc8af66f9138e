import { isUtf8 } from "node:buffer";
import type { EncodedTexts } from "./data_source.ts";

/**
 * Checks texts that lie one after another with nothing between them. One pass.
 *
 * @throws {TypeError} When one of them is not UTF-8.
 */
export function requireUtf8({ bytes, starts }: EncodedTexts): void {
  let valid = isUtf8(bytes);
  // What is valid as a whole is so in parts when no part begins within a character.
  for (let text = 0; text < starts.length; text++) {
    if ((bytes[starts[text]!]! & 0xc0) === 0x80) valid = false;
  }
  if (!valid) throw new TypeError("text is not UTF-8");
}
