import xterm from "@xterm/headless";
import type { Screen } from "../../../train/view/screen.ts";

/** A terminal without a window, which breaks its lines anew when it is resized, as most do. */
export class TestTerminal {
  readonly #terminal: xterm.Terminal;
  #text = "";
  /** How often it was written to. */
  writes = 0;

  /** @param options `newline`: whether a line end goes back to the first column, as the system's terminals have it. */
  constructor(
    columns: number,
    rows: number,
    options: { readonly newline?: boolean } = {},
  ) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      convertEol: options.newline ?? true,
      allowProposedApi: true,
    });
  }

  /** This terminal as a view writes to it. */
  get screen(): Screen {
    return {
      terminal: true,
      colour: false,
      size: () => ({
        columns: this.#terminal.cols,
        rows: this.#terminal.rows,
      }),
      write: (text) => this.write(text),
    };
  }

  /** Takes text and control sequences. */
  write(text: string): void {
    this.#text += text;
    this.writes++;
  }

  /** Changes its size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#flush();
    this.#terminal.resize(columns, rows);
  }

  /** All it holds, what was scrolled away included; blanks at the ends of lines and lines after the last text dropped. */
  async text(): Promise<string> {
    await this.#flush();
    const buffer = this.#terminal.buffer.active;
    return Array.from(
      { length: buffer.length },
      (_, row) => buffer.getLine(row)!.translateToString(true).trimEnd(),
    ).join("\n").trimEnd();
  }

  #flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }
}
