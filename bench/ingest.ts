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
import { type Contender, fastest } from "./ingest/fastest.ts";
import type { Reading } from "./ingest/measure_reading.ts";
import { writeRows } from "./ingest/write_rows.ts";

const OURS = fromFileUrl(import.meta.resolve("./ingest/measure_ours.ts"));
const RIVAL = fromFileUrl(import.meta.resolve("./rivals/ingest_adapter.py"));

async function measure(
  path: string,
  rounds: number,
  python: string | undefined,
): Promise<void> {
  const contenders: Contender[] = [
    {
      name: "this project",
      command: [Deno.execPath(), "run", "-A", OURS, path],
    },
  ];
  if (python !== undefined) {
    for (const name of ["pandas", "polars"]) {
      contenders.push({ name, command: [python, RIVAL, name, path] });
    }
  }
  const best = await fastest<Reading>(contenders, rounds);
  const megabytes = (await Deno.stat(path)).size / 1e6;
  for (const [name, { seconds, processor, rows, pairs, peak }] of best) {
    write(
      `${path.replace(/^.*\//, "")}, ${name}: ${
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
    for (const path of await writeRows(Number(flags.rows), folder)) {
      await measure(path, Number(flags.rounds), flags.python);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
