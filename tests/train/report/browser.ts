/** Documents opened by the machine's own Chromium, without a window. */

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** What is opened, and what is asked of it. */
export interface PageOptions<T> {
  readonly document: string;
  readonly scheme: "light" | "dark";
  /** Sources of scripts that the page gets at its end. */
  readonly scripts: readonly string[];
  /** Runs in the page once it is there; its source is sent, so it may use nothing from around it. */
  run(): T | Promise<T>;
}

/** Registers a test with the program of a browser; where there is none the test says so and ends. */
export function testInBrowser(
  name: string,
  body: (program: string) => Promise<void>,
): void {
  Deno.test(name, async (t) => {
    const program = await findBrowser();
    if (program !== null) return await body(program);
    const reason = `none of ${PROGRAMS.join(", ")} is installed`;
    await t.step({ name: reason, ignore: true, fn() {} });
  });
}

/** What `run` returns in the page, by way of JSON. */
export async function inBrowser<T>(
  program: string,
  { document, scheme, scripts, run }: PageOptions<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const ask = `addEventListener("load", async () => {
      const result = await ({ ${run.toString()} }).run();
      const place = document.createElement("pre");
      place.id = "result";
      place.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(result))));
      document.body.append(place);
    });`;
    const added = [...scripts, ask]
      .map((source) => `<script data-test>${source}</script>`).join("\n");
    await Deno.writeTextFile(
      `${folder}/page.html`,
      document.replace(/<\/body>(?![^]*<\/body>)/, () => `${added}</body>`),
    );
    const { stdout, stderr } = await new Deno.Command(program, {
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        `--user-data-dir=${folder}/profile`,
        `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
        "--virtual-time-budget=20000",
        "--dump-dom",
        `file://${folder}/page.html`,
      ],
    }).output();
    const text = new TextDecoder().decode(stdout);
    const result = /<pre id="result">([^<]*)<\/pre>/.exec(text)?.[1];
    if (result === undefined) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(result)),
    ) as T;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function findBrowser(): Promise<string | null> {
  for (const program of PROGRAMS) {
    try {
      const { success } = await new Deno.Command(program, {
        args: ["--version"],
        stdout: "null",
        stderr: "null",
      }).output();
      if (success) return program;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}
