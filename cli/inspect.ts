import { inspectArtifact } from "../artifact/inspect_artifact.ts";
import { readerKeys } from "../artifact/reader_keys.ts";
import { INSPECT } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { uriPermissions } from "../core/storage/uri_permissions.ts";
import { exitCode } from "./_exit_code.ts";
import { hereOrSandboxed } from "./_here_or_sandboxed.ts";
import { print } from "./_output.ts";

/** `recotem inspect`: verifies an artifact, or the one that a pointer names, and prints its header. */
export async function inspect(argv: readonly string[]): Promise<number> {
  const args = parseArguments(INSPECT, argv);
  if (args === "help") {
    print(commandHelp(INSPECT));
    return 0;
  }
  const uri = args.positionals.ARTIFACT;
  const { read, net, env } = uriPermissions(uri, Deno.env);
  return await hereOrSandboxed(
    () => printArtifact(uri, args.flags["dev-allow-unsigned"]),
    {
      module: import.meta.url,
      permissions: {
        read,
        write: [],
        net,
        env: ["RECOTEM_*", ...env],
      },
      argv,
    },
  );
}

async function printArtifact(
  uri: string,
  allowUnsigned: boolean,
): Promise<number> {
  const events = startLogging(Deno.env, { unknownFormat: "warn" });
  const keys = readerKeys(allowUnsigned, Deno.env, events);
  const caps = readVariables(
    Deno.env,
    ["RECOTEM_MAX_ARTIFACT_BYTES", "RECOTEM_MAX_PAYLOAD_BYTES"],
    events,
  );
  const store = createStore(
    storesFromEnv(Deno.env, {
      maxDownloadBytes: caps.RECOTEM_MAX_ARTIFACT_BYTES,
      events,
    }),
  );
  const { kid, header } = await inspectArtifact(store, uri, {
    keys,
    maxArtifactBytes: caps.RECOTEM_MAX_ARTIFACT_BYTES,
    maxPayloadBytes: caps.RECOTEM_MAX_PAYLOAD_BYTES,
    events,
  });
  const verdict = keys === null ? "not verified" : "OK";
  print(`HMAC: ${verdict}  (kid='${kid}')\n`);
  print(JSON.stringify(header, null, 2) + "\n");
  return 0;
}

if (import.meta.main) Deno.exit(await exitCode(() => inspect(Deno.args)));
