import { inspectArtifact } from "../artifact/inspect_artifact.ts";
import { KeyRing } from "../artifact/key_ring.ts";
import { INSPECT } from "../core/config/commands.ts";
import type { Environment } from "../core/config/environment.ts";
import type { Events } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { RecotemError } from "../core/errors.ts";
import { createStore } from "../core/storage/create_store.ts";
import { print } from "./_output.ts";

/** `recotem inspect`: verifies an artifact, or the one that a pointer names, and prints its header. */
export async function inspect(argv: readonly string[]): Promise<number> {
  const args = parseArguments(INSPECT, argv);
  if (args === "help") {
    print(commandHelp(INSPECT));
    return 0;
  }
  const events = startLogging(Deno.env);
  const keys = verificationKeys(
    args.flags["dev-allow-unsigned"],
    Deno.env,
    events,
  );
  const caps = readVariables(
    Deno.env,
    ["RECOTEM_MAX_ARTIFACT_BYTES", "RECOTEM_MAX_PAYLOAD_BYTES"],
    events,
  );
  const { kid, header } = await inspectArtifact(
    createStore(),
    args.positionals.ARTIFACT,
    {
      keys,
      maxArtifactBytes: caps.RECOTEM_MAX_ARTIFACT_BYTES,
      maxPayloadBytes: caps.RECOTEM_MAX_PAYLOAD_BYTES,
      events,
    },
  );
  const verdict = keys === null ? "not verified" : "OK";
  print(`HMAC: ${verdict}  (kid='${kid}')\n`);
  print(JSON.stringify(header, null, 2) + "\n");
  return 0;
}

/** The keys of the environment, or null where the artifact need not be signed. */
function verificationKeys(
  allowUnsigned: boolean,
  env: Environment,
  events: Events,
): KeyRing | null {
  const { RECOTEM_ENV, RECOTEM_SIGNING_KEYS } = readVariables(
    env,
    ["RECOTEM_ENV", "RECOTEM_SIGNING_KEYS"],
    events,
  );
  if (allowUnsigned) {
    if (RECOTEM_ENV.toLowerCase() !== "development") {
      throw new RecotemError(
        "config_error",
        "Flag --dev-allow-unsigned works only where RECOTEM_ENV is development",
      );
    }
    if (RECOTEM_SIGNING_KEYS === null) return null;
    events.warn("dev_allow_unsigned_ignored", {
      reason: "signing keys are configured",
    });
  }
  return KeyRing.fromEnv(RECOTEM_SIGNING_KEYS ?? undefined, events);
}
