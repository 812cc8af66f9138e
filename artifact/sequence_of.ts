import type { HeaderFields } from "./header.ts";

/**
 * Which of two artifacts of a recipe is the later one: the greater number. It is the time of the training, in
 * milliseconds since 1970; in whole seconds where an earlier version trained.
 */
export function sequenceOf(
  { sequence, trained_at }: Pick<HeaderFields, "sequence" | "trained_at">,
): number {
  return sequence ?? Date.parse(trained_at);
}
