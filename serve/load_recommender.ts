import type { Artifact } from "../artifact/artifact.ts";
import { RecotemError } from "../core/errors.ts";
import type { ScoreKernels } from "../core/kernels/kernels.ts";
import { Recommender } from "../core/models/recommender.ts";

/**
 * The recommender in a verified artifact, as views of its bytes.
 *
 * @param kernels Those of the memory that the artifact was read into; undefined scores without WebAssembly.
 * @throws {RecotemError} `artifact_error`, reason `deserialize`, when the tensors are not what the model's kind holds.
 */
export function loadRecommender(
  { header, tensors }: Pick<Artifact, "header" | "tensors">,
  kernels: ScoreKernels | undefined,
): Recommender {
  try {
    return Recommender.load(header.model_kind, tensors, kernels);
  } catch (cause) {
    throw new RecotemError(
      "artifact_error",
      `Artifact holds a ${header.model_kind} model that cannot be used: train it again with this version`,
      { cause, details: { reason: "deserialize" } },
    );
  }
}
