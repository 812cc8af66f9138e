/**
 * One file of any store to the matrix, in this process alone: `measure_ours.ts URI`. Prints what it took as JSON.
 *
 * @module
 */

import { measureReading } from "./measure_reading.ts";

const [path = ""] = Deno.args;
const reading = await measureReading(
  path.endsWith(".csv")
    ? {
      type: "csv",
      path,
      delimiter: ",",
      encoding: "utf-8",
      header: 0,
      dtype: null,
      sha256: null,
    }
    : { type: "parquet", path, sha256: null },
);
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(reading)));
