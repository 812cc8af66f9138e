/**
 * Local servers that stand in for cloud services. They are installed from their package registries at first use, into
 * a folder of the project that git ignores.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const CACHE: string = fromFileUrl(
  import.meta.resolve("../../.services/"),
);

/** A program to install. */
export interface Program {
  /** Name of its folder; holds the version, so that another version is installed anew. */
  readonly name: string;
  /** Commands that install it into the working directory. */
  readonly install: readonly (readonly string[])[];
  /** Variables for them, and for what they install. */
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
}

/** A server to install and start. */
export interface ServiceProgram extends Program {
  /** The command that starts it on a port of 127.0.0.1, run in its own folder. */
  readonly start: (port: number) => readonly string[];
}

/** Longest command that installs something. */
const INSTALL_MILLISECONDS = 600_000;

/** A server that runs. */
export class Service implements AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  private constructor(port: number, process: Deno.ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  /** `http://127.0.0.1:port`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Installs the server if need be, starts it and waits until it listens. */
  static async start(program: ServiceProgram): Promise<Service> {
    const folder = await install(program);
    const port = freePort();
    return await Service.run(program.name, port, program.start(port), {
      cwd: folder,
      env: { ...program.env?.(folder) },
    });
  }

  /** Starts a server that is there and waits until it listens. */
  static async run(
    name: string,
    port: number,
    [command, ...args]: readonly string[],
    options: Pick<Deno.CommandOptions, "cwd" | "env" | "uid">,
  ): Promise<Service> {
    const process = new Deno.Command(command!, {
      ...options,
      args,
      stdout: "null",
      stderr: "null",
    }).spawn();
    const service = new Service(port, process);
    try {
      await service.#listening(name);
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
    return service;
  }

  async #listening(name: string): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port }))
          .close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    throw new Error(`${name} does not listen on port ${this.port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill();
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
  }
}

/**
 * Installs a program unless it is there; answers its folder.
 *
 * @throws {Error} When it cannot be installed; says why in one line.
 */
export async function install(program: Program): Promise<string> {
  const folder = `${CACHE}${program.name}`;
  const mark = `${folder}/installed`;
  if (await Deno.stat(mark).catch(() => null)) return folder;
  await Deno.mkdir(folder, { recursive: true });
  for (const [command, ...args] of program.install) {
    const failure = await failureOf(command!, {
      args,
      cwd: folder,
      env: { ...program.env?.(folder) },
    });
    if (failure !== null) {
      throw new Error(`${program.name} cannot be installed: ${failure}`);
    }
  }
  await Deno.writeTextFile(mark, "");
  return folder;
}

/** What a command fails with, in one line; null when it does not. */
async function failureOf(
  command: string,
  options: Pick<Deno.CommandOptions, "args" | "cwd" | "env">,
): Promise<string | null> {
  try {
    const { success, code, stderr } = await new Deno.Command(command, {
      ...options,
      stdin: "null",
      stdout: "null",
      signal: AbortSignal.timeout(INSTALL_MILLISECONDS),
    }).output();
    if (success) return null;
    const lines = new TextDecoder().decode(stderr).trim().split("\n");
    return `${command} ended with ${code}: ${lines.at(-1)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A port of the loopback address that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
