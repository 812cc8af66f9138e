import type { Screen, ScreenSize } from "./screen.ts";

/** What is taken for the size of what has none, or does not tell. */
const USUAL: ScreenSize = { columns: 80, rows: 24 };

/** Standard output or standard error as a screen; in colour on a terminal, unless `NO_COLOR` is set. Needs no permission. */
export function streamScreen(
  stream: Pick<typeof Deno.stderr, "isTerminal" | "writeSync">,
): Screen {
  const terminal = stream.isTerminal();
  return {
    terminal,
    colour: terminal && !Deno.noColor,
    size: () => terminal ? terminalSize() : USUAL,
    write(text) {
      const bytes = new TextEncoder().encode(text);
      let written = 0;
      while (written < bytes.length) {
        written += stream.writeSync(bytes.subarray(written));
      }
    },
  };
}

function terminalSize(): ScreenSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    return {
      columns: columns || USUAL.columns,
      rows: rows || USUAL.rows,
    };
  } catch {
    return USUAL;
  }
}
