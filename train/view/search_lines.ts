import { duration } from "./duration.ts";
import type { Line } from "./live_block.ts";
import type { SearchProgress } from "./search_progress.ts";
import { standingTable } from "./standing_table.ts";

const BAR = 20;
/** From this width on there is room for the bar. */
const WITH_BAR = 72;
const BOLD = 1;
const GREY = 90;
const GREEN = 32;

/** A search as it stands, in lines: how far it is, how each algorithm does, what is running. */
export function searchLines(
  progress: SearchProgress,
  columns: number,
  now: number,
): Line[] {
  const { done, total, standings, metric } = progress;
  const left = progress.left(now);
  const full = Math.round(BAR * done / total);
  const bar = columns < WITH_BAR
    ? ""
    : `[${"#".repeat(full)}${"-".repeat(BAR - full)}] `;
  const times = duration(progress.elapsed(now)) +
    (left === null ? "" : `, about ${duration(left)} left`);
  const [head, ...rows] = standings.length > 0
    ? standingTable(standings, metric, columns)
    : [];
  const running = progress.running(now).map(({ algorithm, seconds }) =>
    `${algorithm} ${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  );
  return [
    { text: `  ${bar}${done}/${total} trials, ${times}`, style: BOLD },
    ...(head === undefined ? [] : [{ text: head, style: GREY }]),
    ...rows.map((text, n) => n === 0 ? { text, style: GREEN } : { text }),
    ...(running.length === 0
      ? []
      : [{ text: `  running: ${running.join(", ")}`, style: GREY }]),
  ];
}
