import { apiKeyDigest } from "../../serve/api_keys.ts";
import { SIGNING_KEYS } from "./models.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** For servers that want one. */
export const API_KEY: string = "k".repeat(43);

/** A server on core 0. */
export interface Server extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** Serves the model of a folder. */
export function serveModel(
  folder: string,
  port: number,
  { keyed = false }: { readonly keyed?: boolean } = {},
): Server {
  return spawn(port, [
    `--allow-read=${folder}`,
    `--allow-net=127.0.0.1:${port}`,
    "--allow-env=RECOTEM_*",
    "--no-prompt",
    `${ROOT}/serve/main.ts`,
    "--recipes",
    `${folder}/recipes`,
  ], {
    RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
    RECOTEM_PORT: `${port}`,
    RECOTEM_WATCH_INTERVAL: "1",
    RECOTEM_MAX_PAYLOAD_BYTES: `${2 ** 31}`,
    ...(keyed && {
      RECOTEM_API_KEYS: `bench:sha256:${apiKeyDigest(API_KEY).toHex()}`,
    }),
  });
}

/** The server that only reads and writes. */
export function serveNothing(port: number): Server {
  return spawn(port, ["-A", `${ROOT}/bench/serve/empty_handler.ts`, `${port}`]);
}

function spawn(
  port: number,
  args: readonly string[],
  env: Record<string, string> = {},
): Server {
  const child = new Deno.Command("taskset", {
    args: ["-c", "0", Deno.execPath(), "run", "--no-check", ...args],
    env,
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Asks until a server answers with a status; returns the answer. */
export async function answered(
  { port }: Server,
  path: string,
  user: string,
  status: number = 200,
): Promise<string> {
  while (true) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
        method: "POST",
        body: JSON.stringify({ user_id: user, cutoff: 10 }),
      });
      const text = await response.text();
      if (response.status === status) return text;
    } catch {
      // Does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** Seconds of processor time so far. */
export async function processorSeconds({ pid }: Server): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident megabytes now, and the most there have been. */
export async function residentMegabytes(
  { pid }: Server,
): Promise<{ now: number; peak: number }> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const read = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}
