import { RecotemError } from "../errors.ts";
import { dirname, relative, resolve } from "../std/path.ts";
import { localPath } from "./local_path.ts";

/**
 * Refuses an output on this machine whose folder does not lie in the artifact root, links followed. The folder must
 * exist, so that what is checked is what is written to. Outputs elsewhere pass.
 *
 * Needs read permission for both folders.
 *
 * @throws {RecotemError} `recipe_security_error`.
 */
export async function requireInArtifactRoot(
  output: string,
  artifactRoot: string,
): Promise<void> {
  const path = localPath(output);
  if (path === null) return;
  const folder = dirname(resolve(path));
  let way: string;
  try {
    way = relative(
      await Deno.realPath(artifactRoot),
      await Deno.realPath(folder),
    );
  } catch (cause) {
    throw refusal("its folder and the root must be existing folders", cause);
  }
  // On Windows the way to another drive is an absolute path.
  if (/^\.\.(?:[/\\]|$)|^[A-Za-z]:/.test(way)) {
    throw refusal("choose a folder within the root");
  }
}

function refusal(advice: string, cause?: unknown): RecotemError {
  return new RecotemError(
    "recipe_security_error",
    `Key output.path is not within RECOTEM_ARTIFACT_ROOT: ${advice}`,
    { cause, details: { error_class: "security" } },
  );
}
