import type { Recipe } from "../core/recipe/recipe.ts";
import type { ServedModel } from "./served_model.ts";

/** Makes models of artifacts, and takes back what they lived in. */
export interface ModelLoader {
  /**
   * Reads, verifies and decodes the artifact of a recipe.
   *
   * @param current The model that serves now.
   * @returns The model of the artifact; `current` itself when the artifact is the one it came from.
   * @throws {RecotemError} `artifact_error` with `details.reason`.
   */
  load(
    recipe: Recipe,
    current: ServedModel | null,
    signal: AbortSignal,
  ): Promise<ServedModel>;
  /** Takes back a model that no request will ask again, once those are answered that hold it. */
  release(model: ServedModel): void;
}
