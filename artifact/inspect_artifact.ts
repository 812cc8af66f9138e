import type { Store } from "../core/storage/store.ts";
import { loadFile } from "./_load_file.ts";
import { openEnvelope } from "./_open_envelope.ts";
import { parseHeaderJson } from "./_parse_header.ts";
import { runStepsInTurns } from "./_run_steps.ts";
import type { LoadOptions } from "./load_options.ts";

/**
 * Verifies an artifact, or the one that a pointer names, and says what its header says. Nothing of the payload is
 * interpreted, so this works for payloads of any format, pickled ones too.
 *
 * @returns The header, whatever it holds, and the kid of the key that signed it, safe to show.
 * @throws {RecotemError} `artifact_error`; `details.reason` is `read`, `parse`, `hmac` or `header_json`.
 */
export async function inspectArtifact(
  store: Store,
  uri: string,
  options: LoadOptions,
): Promise<{
  readonly kid: string;
  readonly header: Readonly<Record<string, unknown>>;
}> {
  const { bytes } = await loadFile(store, uri, options);
  const { kidText, header } = await runStepsInTurns(
    openEnvelope(bytes, options),
    options.signal,
  );
  return { kid: kidText, header: parseHeaderJson(header) };
}
