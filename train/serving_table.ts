import type { ServingEvaluation } from "./evaluate_serving.ts";

const HELD_OUT = {
  validation: "what the search was scored on",
  test: "what no trial saw",
};

/** An evaluation as a table for a terminal of 80 columns, and what a reader may ask of it. */
export function servingTable(
  { recipe, artifact, cutoff, held_out, users, scores }: ServingEvaluation,
): string {
  const head = [
    `${recipe}: ${artifact.best_class}, lists of ${cutoff} for ${users} users`,
    `Fitted without what is held out: ${HELD_OUT[held_out]}`,
  ];
  const metric = `NDCG@${cutoff}`;
  const rows = [
    ["", metric, "change", "95 %", `Recall@${cutoff}`, "coverage"],
    ...scores.map(({ name, ndcg, recall, coverage, change, lists_changed }) => [
      name,
      ndcg.toFixed(4),
      ...(change === null
        ? ["", ""]
        : lists_changed === 0
        ? ["none", "no list differs"]
        : [signed(change.ndcg), change.interval.map(signed).join(" to ")]),
      recall.toFixed(4),
      `${(100 * coverage).toFixed(1)} %`,
    ]),
  ];
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  const lines = rows.map((row) =>
    row.map((text, column) =>
      column === 0
        ? text.padEnd(widths[column]!)
        : text.padStart(widths[column]!)
    ).join("  ")
  );
  return [...head, "", ...lines, "", ...notes(scores, metric)]
    .map((line) => line.trimEnd()).join("\n").trimEnd() + "\n";
}

function notes(
  scores: ServingEvaluation["scores"],
  metric: string,
): string[] {
  const has = (name: string) => scores.some((score) => score.name === name);
  return [
    ...(scores.length === 1
      ? ["The recipe's serving says nothing that could be scored."]
      : [
        `change: of ${metric} by this default alone, and its interval over the same users`,
      ]),
    "coverage: share of the items that are in some list",
    ...(has("include_seen")
      ? [
        "include_seen: nobody's held-out items are among what they have, so it only costs",
      ]
      : []),
  ];
}

function signed(value: number): string {
  const text = value.toFixed(4);
  return value > 0 ? `+${text}` : text;
}
