import { count, percent, score } from "./format.ts";

/** The value of a metric, as its name asks for. */
export function metricValue(metric: string, value: number): string {
  switch (metric) {
    case "users":
      return count(value);
    case "coverage":
      return percent(value);
    case "novelty":
      return value.toFixed(2);
    default:
      return score(value);
  }
}
