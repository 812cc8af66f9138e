import type { LeaderboardRow } from "../leaderboard.ts";
import type { Standing } from "./search_progress.ts";
import { standingTable } from "./standing_table.ts";

/** Room that the parameters need beside the table; with less they stand below each algorithm. */
const BESIDE = 24;
const GAP = 2;
const INDENT = 4;
const DIGITS = 4;

/** How each algorithm did, and with which parameters it did best: a table no wider than the screen. */
export function leaderboardText(
  rows: readonly (Standing & Pick<LeaderboardRow, "params">)[],
  metric: string,
  columns: number,
): string {
  const [head, ...lines] = standingTable(rows, metric, columns);
  const start = head!.length + GAP;
  const room = columns - 1 - start;
  const beside = room >= BESIDE;
  let text = beside ? `${head}${" ".repeat(GAP)}parameters\n` : `${head}\n`;
  for (const [n, { params }] of rows.entries()) {
    const parts = wrap(
      Object.entries(params ?? {}).map(([name, value]) =>
        `${name}=${shortened(value)}`
      ),
      beside ? room : columns - 1 - INDENT,
    );
    const first = beside ? parts.shift() : undefined;
    text += lines[n] + (first ? " ".repeat(GAP) + first : "") + "\n";
    for (const part of parts) {
      text += `${" ".repeat(beside ? start : INDENT)}${part}\n`;
    }
  }
  return text;
}

function shortened(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(DIGITS)))
    : String(value);
}

/** Words in lines of at most `width`; a word that is longer has a line of its own. */
function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
