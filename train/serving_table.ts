import type { ServingEvaluation } from "./evaluate_serving.ts";

const HELD_OUT = {
  validation: "what the search was scored on",
  test: "what no trial saw",
};

/** An evaluation as a table for a terminal. */
export function servingTable(
  { recipe, artifact, cutoff, held_out, users, scores }: ServingEvaluation,
): string {
  const rows = [
    ["", `NDCG@${cutoff}`, "change", "95 %", `Recall@${cutoff}`, "coverage"],
    ...scores.map(({ name, ndcg, recall, coverage, change }) => [
      name,
      ndcg.toFixed(4),
      change ? signed(change.ndcg) : "",
      change ? `${change.interval.map(signed).join(" to ")}` : "",
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
  const head = `${recipe}: ${artifact.best_class}, ${users} users, ${
    HELD_OUT[held_out]
  }`;
  return [head, "", ...lines].map((line) => line.trimEnd()).join("\n") + "\n";
}

function signed(value: number): string {
  const text = value.toFixed(4);
  return value > 0 ? `+${text}` : text;
}
