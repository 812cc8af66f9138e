import stringWidth from "string-width";

const ASCII = /^[\x20-\x7e]*$/;

/** As much of the beginning of a text as takes at most `columns` cells on a terminal; no character is cut in two. */
export function fitWidth(text: string, columns: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, columns));
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return kept;
}
