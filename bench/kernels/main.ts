/**
 * What the kernels do per second and processor, both builds, beside NumPy and SciPy on the same sizes in the same run:
 *
 * deno task bench:kernels [threads, such as 1,2] [python]
 *
 * Best of several runs. Rates count the time of the processors, which other work on the machine changes less than that
 * on the clock. NumPy is left out if no Python is named.
 *
 * Permissions: read, write a temporary folder, run Python.
 *
 * @module
 */
import type { Csr } from "../../core/kernels/csr.ts";
import { interactions } from "./interactions.ts";
import { type Figure, measure, type Sizes } from "./measure.ts";
import type { Spent } from "./spent.ts";

const SIZES: Sizes = {
  product: [512, 1024, 2048],
  inverse: [2048, 4006],
  side: 240,
  users: 6040,
  items: 3706,
  factors: 128,
};

/** What NumPy took, by kernel and size. */
async function runNumpy(
  python: string,
  threads: number,
  matrix: Csr,
): Promise<Map<string, Spent>> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/sizes.json`, JSON.stringify(SIZES));
    for (const name of ["indptr", "indices"] as const) {
      await Deno.writeFile(
        `${folder}/${name}.bin`,
        new Uint8Array(matrix[name].buffer as ArrayBuffer),
      );
    }
    // OpenBLAS is to choose for this machine, whatever the environment says.
    const env = Deno.env.toObject();
    delete env.OPENBLAS_CORETYPE;
    const script = new URL("./numpy_rival.py", import.meta.url);
    const { code, stdout } = await new Deno.Command(python, {
      args: [script.pathname, folder],
      clearEnv: true,
      env: { ...env, OPENBLAS_NUM_THREADS: `${threads}` },
      stderr: "inherit",
    }).output();
    if (code !== 0) throw new Error(`${python} ended with ${code}`);
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return new Map(lines.map((line) => {
      const { what, size, spent } = JSON.parse(line);
      return [`${what} ${size}`, spent];
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function print(cells: readonly (string | number)[]): void {
  const line = `| ${cells.join(" | ")} |\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}

function cells(work: number, spent: Spent | undefined): string[] {
  if (spent === undefined) return ["", ""];
  return [
    (1000 * spent.seconds).toFixed(1),
    (work / spent.processor / 1e9).toFixed(1),
  ];
}

function printTable(
  threads: number,
  fast: readonly Figure[],
  strict: readonly Figure[],
  rival: ReadonlyMap<string, Spent>,
): void {
  const heads = ["fast", "strict", "NumPy"].flatMap((who) => [
    `${who} ms`,
    "per core",
  ]);
  const columns = [`${threads} thread(s)`, "size", "unit", ...heads];
  print(columns);
  print(columns.map(() => "---"));
  for (const [at, { what, size, work, unit, spent }] of fast.entries()) {
    print([
      what,
      size,
      unit,
      ...cells(work, spent),
      ...cells(work, strict[at]!.spent),
      ...cells(work, rival.get(`${what} ${size}`)),
    ]);
  }
}

async function main([counts = "1,2", python]: readonly string[]): Promise<
  void
> {
  const matrix = interactions(SIZES.users, SIZES.items);
  for (const threads of counts.split(",").map(Number)) {
    const rival = python === undefined
      ? new Map<string, Spent>()
      : await runNumpy(python, threads, matrix);
    const fast = await measure(threads, "fast", matrix, SIZES);
    const strict = await measure(threads, "strict", matrix, SIZES);
    printTable(threads, fast, strict, rival);
  }
}

if (import.meta.main) await main(Deno.args);
