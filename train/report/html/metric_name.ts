const NAMES: Readonly<Record<string, string>> = {
  ndcg: "NDCG",
  map: "MAP",
  recall: "Recall",
  hit: "Hit rate",
  users: "Users scored",
  coverage: "Catalogue coverage",
  novelty: "Novelty, bits",
  gini: "Gini coefficient of listings",
};

/** What people call a metric; its own name where there is no other. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric;
}

/** A metric and the length of the lists that it is taken of. */
export function metricAt(
  { metric, cutoff }: { readonly metric: string; readonly cutoff: number },
): string {
  return `${metricName(metric)}@${cutoff}`;
}
