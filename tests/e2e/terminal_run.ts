/**
 * Runs of `recotem train` on a pseudo-terminal, as a person starts them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { TestTerminal } from "../train/view/terminal.ts";
import { ENV } from "./train_run.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));
const ROWS = 24;

/** Why there is no pseudo-terminal to be had here, or null when there is one. */
export const NO_TERMINAL: string | null = await (async () => {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] })
      .output();
    return new TextDecoder().decode(stdout).includes("util-linux")
      ? null
      : "script is not that of util-linux";
  } catch {
    return "there is no program script";
  }
})();

/** A run on a terminal of its own. */
export class TerminalRun implements AsyncDisposable {
  readonly terminal: TestTerminal;
  readonly #folder: RecipeFolder;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #told = "";
  #heard = Promise.withResolvers<void>();

  /** Starts `recotem train books.yaml` in the folder, on a terminal of so many columns. */
  constructor(
    folder: RecipeFolder,
    columns: number,
    { flags = [], env = {} }: {
      readonly flags?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {
    this.terminal = new TestTerminal(columns, ROWS, { newline: false });
    this.#folder = folder;
    const train = ["run", "-A", MAIN, "train", "books.yaml", ...flags];
    this.#process = new Deno.Command("script", {
      args: [
        "-qfec",
        `stty cols ${columns} rows ${ROWS}; tty > tty; exec ${Deno.execPath()} ${
          train.join(" ")
        }`,
        "/dev/null",
      ],
      cwd: folder.path,
      env: { ...ENV, ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reading = this.#read();
  }

  /** All that was written to the terminal so far. */
  get told(): string {
    return this.#told;
  }

  /** Waits until that has something that matches. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#told)) await this.#heard.promise;
  }

  /** Checks what the terminal shows, again after each time that it is written to: a part of a drawing may be all there is. */
  async shows(check: (text: string) => void): Promise<void> {
    for (let left = 100;; left--) {
      try {
        return check(await this.terminal.text());
      } catch (error) {
        if (left === 0) throw error;
        await this.#heard.promise;
      }
    }
  }

  /** Presses Ctrl-C. */
  async interrupt(): Promise<void> {
    const keys = this.#process.stdin.getWriter();
    await keys.write(Uint8Array.of(3));
    keys.releaseLock();
  }

  /** Makes the terminal wider or narrower. */
  async resize(columns: number): Promise<void> {
    const tty = await Deno.readTextFile(`${this.#folder.path}/tty`);
    const args = ["-F", tty.trim(), "cols", String(columns)];
    await new Deno.Command("stty", { args }).output();
    await this.terminal.resize(columns, ROWS);
  }

  /** Waits for the end: the exit code, and what the terminal shows then. */
  async end(): Promise<{ code: number; text: string }> {
    await this.#reading;
    const { code } = await this.#process.status;
    return { code, text: await this.terminal.text() };
  }

  /** Ends the run. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close().catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#reading;
    await this.#process.status;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoderStream();
    for await (const text of this.#process.stdout.pipeThrough(decoder)) {
      this.terminal.write(text);
      this.#told += text;
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    }
  }
}
