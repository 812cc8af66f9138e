import type { HeaderFields } from "../artifact/header.ts";
import { inspectArtifact } from "../artifact/inspect_artifact.ts";
import type { Algorithm } from "../algorithms/algorithm.ts";
import { ALGORITHMS } from "../algorithms/mod.ts";
import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { WeightFormat } from "./compress_model.ts";
import type { GateContext } from "./check_gate.ts";
import type { Learner } from "./refit.ts";
import type { Params } from "./search/draw.ts";

/** What the header of a published artifact says of learning its model. */
export interface PublishedHeader extends
  Pick<
    HeaderFields,
    "recipe_hash" | "best_class" | "best_params" | "trained_at"
  > {
  /** What was kept of a model with a weight for every pair of items. */
  readonly weights?: NonNullable<HeaderFields["weights"]> & {
    readonly precision: WeightFormat["precision"];
  };
}

/** A published artifact. */
export interface Published {
  /** Which key signed it. */
  readonly kid: string;
  readonly header: PublishedHeader;
  /** What would learn its model. */
  readonly learner: Learner;
}

/**
 * Reads and verifies the artifact that is published at a recipe's output, and finds what would learn its model again.
 *
 * @throws {RecotemError} `artifact_error` when there is none, it cannot be verified, is of another recipe, or was learned
 * by an algorithm that there is not here.
 */
export async function readPublished(
  { name, output }: Recipe,
  { store, ...options }: GateContext,
): Promise<Published> {
  const { kid, header } = await inspectArtifact(store, output.path, options);
  if (header.recipe_name !== name) {
    throw refusal(output.path, `is not of recipe ${name}: train it first`);
  }
  // Training signed it: with the right name it is what training writes.
  const published = header as unknown as PublishedHeader;
  const algorithm = ALGORITHMS.find((each) =>
    `${each.name}Recommender` === published.best_class
  );
  if (!algorithm || !accepts(algorithm, published.best_params)) {
    throw refusal(
      output.path,
      `was learned by ${published.best_class} with parameters that are not known here: train it again`,
    );
  }
  const params = published.best_params as Params;
  return {
    kid,
    header: published,
    learner: { algorithm, params, epochs: null },
  };
}

function accepts(algorithm: Algorithm, params: unknown): boolean {
  try {
    algorithm.params.parse(params);
    return true;
  } catch {
    return false;
  }
}

function refusal(uri: string, problem: string): RecotemError {
  return new RecotemError(
    "artifact_error",
    `The artifact at ${uri} ${problem}`,
  );
}
