import type { Standing } from "./search_progress.ts";

/** Cells of a score, of trials and of seconds, two blanks before each included. */
const [SCORE, TRIALS, SECONDS] = [9, 8, 9];
const INDENT = 2;
const SHORTEST_NAME = 8;

/** The head of the table and a line for each algorithm, as wide as the names need and the screen allows. */
export function standingTable(
  standings: readonly Standing[],
  metric: string,
  columns: number,
): string[] {
  const longest = Math.max(
    "algorithm".length,
    ...standings.map(({ algorithm }) => algorithm.length),
  );
  const score = Math.max(SCORE, metric.length + 2);
  const numbers = score + TRIALS + SECONDS;
  const room = Math.max(SHORTEST_NAME, columns - 1 - INDENT - numbers);
  const name = Math.min(longest, room);
  const row = (...cells: readonly [string, string, string, string]) =>
    " ".repeat(INDENT) + cells[0].slice(0, name).padEnd(name) +
    cells[1].padStart(score) + cells[2].padStart(TRIALS) +
    cells[3].padStart(SECONDS);
  return [
    row("algorithm", metric, "trials", "seconds"),
    ...standings.map((own) =>
      row(
        own.algorithm,
        own.score === null ? "-" : own.score.toFixed(5),
        String(own.trials),
        own.seconds.toFixed(1),
      )
    ),
  ];
}
