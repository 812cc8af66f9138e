import type { ServedModel } from "../served_model.ts";
import { VERBS } from "../verbs/names.ts";

/** What clients must know of a recipe to ask it. */
export function summarise(
  name: string,
  model: ServedModel,
): Record<string, unknown> {
  return {
    name,
    model_version: model.version,
    loaded_at: model.loadedAt,
    supported_verbs: VERBS,
    kind: "user-item",
  };
}
