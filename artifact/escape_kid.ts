const SHOWN = 64;

/**
 * A kid for people's eyes: an artifact that was not verified may hold any bytes there, and terminals obey some.
 *
 * @returns At most 64 characters of the kid, each outside `[A-Za-z0-9_.:-]` as `\xHH`.
 *
 * @example
 * ```ts
 * import { escapeKid } from "./escape_kid.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeKid("prod-2026"), "prod-2026");
 * assertEquals(escapeKid("\x1b[2J"), "\\x1b\\x5b2J");
 * ```
 */
export function escapeKid(kid: string): string {
  const characters = [...kid];
  const shown = characters.slice(0, SHOWN).join("").replace(
    /[^A-Za-z0-9_.:-]/gu,
    (character) =>
      `\\x${character.codePointAt(0)!.toString(16).padStart(2, "0")}`,
  );
  return characters.length > SHOWN ? `${shown}...` : shown;
}
