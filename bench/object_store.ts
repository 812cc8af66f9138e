/**
 * Large objects of a server on this machine, beside `curl` from the same server: their bytes alone, by each store, and
 * to the matrix, beside the same from a file; at most at a rate, where one is given. Needs nginx and `curl`:
 *
 * deno run -A bench/object_store.ts [--rows=20000000] [--rounds=5] [--rate=MB/S]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import { type Contender, type Cost, fastest } from "./ingest/fastest.ts";
import { writeRows } from "./ingest/write_rows.ts";
import { startNginx } from "./object_store/start_nginx.ts";

const READ = fromFileUrl(import.meta.resolve("./object_store/measure_read.ts"));
const TO_MATRIX = fromFileUrl(
  import.meta.resolve("./ingest/measure_ours.ts"),
);
const CURL = [
  "curl",
  "--silent",
  "--fail",
  "--output",
  "/dev/null",
  "--write-out",
  '{"seconds": %{time_total}, "processor": 0, "peak": 0}',
];

async function measure(
  path: string,
  url: string,
  rounds: number,
): Promise<void> {
  const name = path.replace(/^.*\//, "");
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "id",
    AWS_SECRET_ACCESS_KEY: "secret",
    STORAGE_EMULATOR_HOST: url,
    AZURE_STORAGE_CONNECTION_STRING:
      `AccountName=books;AccountKey=a2V5;BlobEndpoint=${url}`,
    RECOTEM_HTTP_ALLOW_PRIVATE: "1",
  };
  const run = (script: string, uri: string): Contender => ({
    name: `${script === READ ? "bytes" : "to the matrix"} of ${
      uri.replace(/:.*|^[^:]*$/, "") || "file"
    }`,
    command: [Deno.execPath(), "run", "-A", script, uri],
    env,
  });
  const uris = ["s3", "gs", "az"].map((scheme) => `${scheme}://b/${name}`);
  const best = await fastest<Cost>([
    { name: "curl", command: [...CURL, `${url}/b/${name}`] },
    ...[...uris, `${url}/b/${name}`].map((uri) => run(READ, uri)),
    run(TO_MATRIX, path),
    run(TO_MATRIX, uris[0]!),
  ], rounds);
  const megabytes = (await Deno.stat(path)).size / 1e6;
  const ofCurl = best.get("curl")!.seconds;
  for (const [name, { seconds, processor, peak }] of best) {
    write(
      `${path.replace(/^.*\./, "")}, ${name}: ${seconds.toFixed(2)} s, ${
        (megabytes / seconds).toFixed(0)
      } MB/s, ${(100 * ofCurl / seconds).toFixed(0)} % of curl, processors ${
        processor.toFixed(2)
      } s, peak ${peak.toFixed(0)} MB\n`,
    );
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  const flags = parseArgs(Deno.args, {
    string: ["rows", "rounds", "rate"],
    default: { rows: "20000000", rounds: "5", rate: "0" },
  });
  const folder = await Deno.makeTempDir();
  try {
    const [parquet, csv] = await writeRows(Number(flags.rows), folder);
    await using server = await startNginx(folder, 1e6 * Number(flags.rate));
    for (const path of [parquet, csv]) {
      await measure(path, server.url, Number(flags.rounds));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
