import { artifactError } from "./_artifact_error.ts";
import { decodeTensors } from "./_decode_tensors.ts";
import type { OpenedEnvelope } from "./_open_envelope.ts";
import { parseHeader } from "./_parse_header.ts";
import type { Artifact } from "./artifact.ts";

/**
 * The artifact in verified bytes.
 *
 * @param recipeName Whose artifact it must be.
 * @throws {RecotemError} `artifact_error`, reason `header_json` or `deserialize`.
 */
export function decodeOpened(
  { file, header, payload, kidText, digest }: OpenedEnvelope,
  recipeName: string | undefined,
): Artifact {
  const fields = parseHeader(header);
  if (recipeName !== undefined && fields.recipe_name !== recipeName) {
    throw artifactError(
      "header_json",
      `Artifact belongs to the recipe ${fields.recipe_name} and not to ${recipeName}: check output.path`,
    );
  }
  return {
    header: fields,
    kid: kidText,
    digest,
    tensors: decodeTensors(fields, payload, file.length - payload.length),
  };
}
