import stringWidth from "string-width";
import { fitWidth } from "./fit_width.ts";
import type { Screen, ScreenSize } from "./screen.ts";

/** A line of a view. */
export interface Line {
  readonly text: string;
  /** Number of its colour or weight, as terminals count them (SGR). */
  readonly style?: number;
}

/**
 * Lines at the bottom of a terminal that are written over in place, below text that stays. On anything but a terminal
 * there is only the text that stays.
 *
 * The size is asked for each time, so that a block follows a terminal that is resized. One that became narrower may have
 * broken lines in two; as many rows more are taken for the block's own, but never a row that was there before the view.
 */
export class LiveBlock {
  readonly #screen: Screen;
  #lines: readonly Line[] = [];
  /** Cells that each line takes, as drawn. */
  #widths: readonly number[] = [];
  #text = "";
  #size: ScreenSize = { columns: 0, rows: 0 };
  /** Rows of text that stays, right above the block. */
  #above = 0;

  /** Draws on `screen`, nothing yet. */
  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows these lines in place of the block's earlier ones, each cut to the width, no more than the screen has rows for. */
  draw(lines: readonly Line[]): void {
    if (!this.#screen.terminal) return;
    if (lines.length === 0 && this.#lines.length === 0) return;
    const size = this.#screen.size();
    const { text } = compose(lines, size, this.#screen.colour);
    const sameSize = size.columns === this.#size.columns &&
      size.rows === this.#size.rows;
    if (sameSize && text === this.#text) return;
    this.#lines = lines;
    this.#write(sameSize ? "" : "\x1b[J", size);
  }

  /** Writes text that stays, above the block; the text ends its last line itself. */
  print(text: string): void {
    if (!this.#screen.terminal) return this.#screen.write(text);
    const size = this.#screen.size();
    this.#write(`\x1b[J${text}`, size);
    for (const line of text.split("\n").slice(0, -1)) {
      this.#above += rowsOf(stringWidth(line), size);
    }
  }

  /** Writes `before` where the block begins, and the block after it. */
  #write(before: string, size: ScreenSize): void {
    const { text, widths } = compose(this.#lines, size, this.#screen.colour);
    this.#screen.write(`${this.#toStart(size)}${before}${text}\x1b[J`);
    this.#text = text;
    this.#widths = widths;
    this.#size = size;
  }

  /** Brings the cursor to the block's first cell. */
  #toStart(size: ScreenSize): string {
    const rows = this.#widths.length;
    const reflown = this.#widths.reduce(
      (sum, width) => sum + rowsOf(width, size),
      0,
    );
    const up = rows + Math.min(reflown - rows, this.#above);
    return up > 0 ? `\r\x1b[${up}A` : "\r";
  }
}

function rowsOf(width: number, { columns }: ScreenSize): number {
  return Math.max(1, Math.ceil(width / columns));
}

/** The text of a block and the cells that each of its lines takes. */
function compose(
  lines: readonly Line[],
  { columns, rows }: ScreenSize,
  colour: boolean,
): { text: string; widths: number[] } {
  const room = Math.max(1, rows - 1);
  const shown = lines.length <= room ? lines : [
    ...lines.slice(0, room - 1),
    { text: `  and ${lines.length - room + 1} more lines` },
  ];
  let text = "";
  const widths: number[] = [];
  for (const line of shown) {
    // The last column stays free: a terminal that was written to its edge may wrap or not.
    const cut = fitWidth(line.text, columns - 1);
    widths.push(stringWidth(cut));
    const { style } = line;
    text +=
      (colour && style !== undefined ? `\x1b[${style}m${cut}\x1b[0m` : cut) +
      "\x1b[K\n";
  }
  return { text, widths };
}
