/**
 * Twenty million made-up rows to the matrix, from Parquet and from CSV, each in a process of its own, beside pandas and
 * Polars where a Python with them is named:
 *
 * deno run -A bench/ingest.ts [--rows=20000000] [--rounds=3] [--python=PYTHON]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import { runCommand } from "../tests/services/run_command.ts";
import { writeRows } from "./ingest/write_rows.ts";

/** What a process tells of itself. */
interface Told {
  readonly seconds: number;
  readonly processor: number;
  readonly rows: number;
  readonly pairs: number;
  readonly peak: number;
}

const OURS = fromFileUrl(import.meta.resolve("./ingest/measure_ours.ts"));
const RIVAL = fromFileUrl(import.meta.resolve("./rivals/ingest_adapter.py"));

/** The fastest of some runs, taken in turn with those of others, since the machine may do other work. */
async function measure(
  path: string,
  rounds: number,
  python: string | undefined,
): Promise<void> {
  const commands = new Map([
    ["this project", [Deno.execPath(), "run", "-A", OURS, path]],
  ]);
  if (python !== undefined) {
    for (const tool of ["pandas", "polars"]) {
      commands.set(tool, [python, RIVAL, tool, path]);
    }
  }
  const best = new Map<string, Told>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of commands) {
      const told: Told = JSON.parse(await runCommand(command));
      const before = best.get(name);
      if (before === undefined || told.seconds < before.seconds) {
        best.set(name, told);
      }
    }
  }
  const megabytes = (await Deno.stat(path)).size / 1e6;
  for (const [name, { seconds, processor, rows, pairs, peak }] of best) {
    write(
      `${path.replace(/^.*\./, "")}, ${name}: ${
        seconds.toFixed(1)
      } s, processors ${processor.toFixed(1)} s, ${
        (rows / seconds / 1e6).toFixed(2)
      } M rows/s, ${(megabytes / seconds).toFixed(0)} MB/s, peak ${
        peak.toFixed(0)
      } MB, ${pairs} pairs\n`,
    );
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  const flags = parseArgs(Deno.args, {
    string: ["rows", "rounds", "python"],
    default: { rows: "20000000", rounds: "3" },
  });
  const folder = await Deno.makeTempDir();
  try {
    const [parquet, csv] = [`${folder}/rows.parquet`, `${folder}/rows.csv`];
    await writeRows(Number(flags.rows), parquet, csv);
    for (const path of [parquet, csv]) {
      await measure(path, Number(flags.rounds), flags.python);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
