import { fromFileUrl } from "@std/path";
import { SIGNING_KEYS } from "./shop.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../serve/main.ts"));

const DEPLOY: string = fromFileUrl(
  import.meta.resolve("../../serve/deploy.ts"),
);
const CONFIG: string = fromFileUrl(import.meta.resolve("../../deno.json"));

/** What {@linkcode serveCommand} starts a server with. */
export interface ServeCommandOptions {
  /** What the server may read, and where it runs; recipes lie in `recipes`. */
  readonly folder: string;
  /** What it may listen on, at 127.0.0.1. */
  readonly port: number;
  /** Default: the folder of recipes. */
  readonly argv?: readonly string[];
  /** Flags of the runtime beside its permissions. */
  readonly features?: readonly string[];
  /** Beside the port, the shop's keys and the shortest interval, or in their place. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: nowhere. */
  readonly stderr?: "piped" | "null";
  /** Kills it. */
  readonly signal?: AbortSignal;
}

/** A server in a process of its own, with the permissions that it needs and no others. */
export function serveCommand(
  { folder, port, argv, features = [], env, stderr = "null", signal }:
    ServeCommandOptions,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--allow-read=${folder}`,
      `--allow-net=127.0.0.1:${port}`,
      "--allow-env=RECOTEM_*",
      ...features,
      MAIN,
      ...argv ?? ["--recipes", "recipes"],
    ],
    cwd: folder,
    env: {
      NO_COLOR: "1",
      RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      RECOTEM_PORT: String(port),
      RECOTEM_WATCH_INTERVAL: "1",
      ...env,
    },
    stdout: "null",
    stderr,
    ...(signal && { signal }),
  });
}

/** The same server under a listener that is not its own: `deno serve serve/deploy.ts`. It may reach no network, unless features say so. */
export function hostedCommand(
  { folder, port, features = [], env, stderr = "null" }: ServeCommandOptions,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--quiet",
      "--no-prompt",
      `--config=${CONFIG}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      `--allow-read=${folder}`,
      "--allow-env=RECOTEM_*",
      ...features,
      DEPLOY,
    ],
    cwd: folder,
    env: {
      NO_COLOR: "1",
      RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      RECOTEM_WATCH_INTERVAL: "1",
      RECOTEM_ENV: "test",
      ...env,
    },
    stdout: "null",
    stderr,
  });
}

/** A port of 127.0.0.1 that nothing listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
