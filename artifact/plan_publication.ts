import { RecotemError } from "../core/errors.ts";
import type { Output } from "../core/recipe/recipe.ts";
import { encodePointer, siblingUri } from "./_pointer.ts";
import { stemOf, versionName } from "./_version_names.ts";

/** What is written where. */
export interface PublicationPlan {
  /** URI of the artifact. */
  readonly artifact: string;
  /** The file that names it, written after it; null when the artifact lies at the output's own path. */
  readonly pointer: { readonly uri: string; readonly bytes: Uint8Array } | null;
}

/**
 * Where an artifact goes. Asked with any digest before training, it tells whether the output can be published to.
 *
 * @param sha256 Digest of the artifact, 64 hex digits.
 * @throws {RecotemError} `recipe_error` when a pointer cannot hold the name of the artifact.
 *
 * @example
 * ```ts
 * import { planPublication, type PublicationPlan } from "./plan_publication.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const output = { path: "models/shop.recotem", versioning: "append_sha" } as const;
 * const plan: PublicationPlan = planPublication(output, "0123456789abcdef".repeat(4));
 * assertEquals(plan.artifact, "models/shop.01234567.recotem");
 * assertEquals(plan.pointer?.uri, "models/shop.recotem");
 * ```
 */
export function planPublication(
  { path, versioning }: Pick<Output, "path" | "versioning">,
  sha256: string,
): PublicationPlan {
  if (versioning === "always_overwrite") {
    return { artifact: path, pointer: null };
  }
  const stem = stemOf(path);
  const name = versionName(stem, sha256);
  const bytes = encodePointer(name);
  if (stem === "" || bytes === null) {
    throw new RecotemError(
      "recipe_error",
      "Key output.path must end in a file name of letters, digits, dots, underscores and dashes, because a pointer holds it: rename the file, or set output.versioning to always_overwrite",
    );
  }
  return {
    artifact: siblingUri(path, name),
    pointer: { uri: path, bytes },
  };
}
