/** `text` with its control characters spelt out: they could move the cursor of a terminal or recolour what follows. */
export function escapeControls(text: string): string {
  return text.replace(
    /\p{C}/gu,
    (character) =>
      `\\u{${character.codePointAt(0)!.toString(16).padStart(4, "0")}}`,
  );
}
