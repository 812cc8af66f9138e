/**
 * How long opening a large artifact takes beside what it cannot do without, one read and one MAC, and how much memory it
 * takes beside the file.
 *
 * deno run -A bench/artifact.ts [megabytes]
 *
 * @module
 */
import { createHash, createHmac } from "node:crypto";
import { encodeArtifact } from "../artifact/encode_artifact.ts";
import { KeyRing } from "../artifact/key_ring.ts";
import { publishArtifact } from "../artifact/publish_artifact.ts";
import { readArtifact } from "../artifact/read_artifact.ts";
import { createStore } from "../core/storage/create_store.ts";

const RUNS = 5;
const MB = 1e6;
const PAGE = 65_536;
const CAPS = { maxArtifactBytes: 2 ** 34, maxPayloadBytes: 2 ** 34 };

async function main(megabytes: number): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/model.recotem`;
    await publish(path, megabytes);
    // A process of its own, so that its memory is that of opening.
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", import.meta.filename!, "open", path],
    }).spawn().status;
    const bytes = await Deno.readFile(path);
    await time("one read", bytes.length, async () => {
      using file = await Deno.open(path);
      while (await file.read(bytes.subarray(0, 2 ** 20)) !== null);
    });
    await time("HMAC-SHA256", bytes.length, () => {
      createHmac("sha256", new Uint8Array(32)).update(bytes).digest();
    });
    await time("SHA-256", bytes.length, () => {
      createHash("sha256").update(bytes).digest();
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function open(path: string): Promise<void> {
  const { size } = await Deno.stat(path);
  const pages = Math.ceil(size / PAGE);
  const memory = new WebAssembly.Memory({
    initial: pages,
    maximum: pages,
    shared: true,
  });
  const before = await peakMemory();
  const turns: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    turns.push(now - last);
    last = now;
  });
  await time("readArtifact()", size, async () => {
    await readArtifact(createStore(), path, {
      keys: KeyRing.developmentUnsigned(),
      ...CAPS,
      allocate: (length) => new Uint8Array(memory.buffer, 0, length),
    });
  });
  clearInterval(timer);
  const grown = await peakMemory() - before;
  print(
    `${round(grown / MB)} MB more memory at its peak, for ${
      round(size / MB)
    } MB of file; other work waits ${
      turns.sort((a, b) => b - a)[0]!.toFixed(1)
    } ms at most, ${turns[turns.length >> 1]!.toFixed(1)} ms in the median`,
  );
}

/** Largest memory that this process ever held, in bytes (Linux). */
async function peakMemory(): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  return 1024 * Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]);
}

async function publish(path: string, megabytes: number): Promise<void> {
  const data = new Float32Array(megabytes * MB / 4)
    .map((_, index) => Math.sin(index));
  const parts = encodeArtifact(
    {
      recipe_name: "bench",
      recipe_hash: "",
      recotem_version: "",
      engine: "",
      model_kind: "factors",
      trained_at: "2026-01-01T00:00:00Z",
      best_class: "",
      best_params: {},
      best_score: null,
      metric: "ndcg",
      cutoff: 20,
      tuning: {
        tried_algorithms: [],
        n_trials: 0,
        n_completed: 0,
        n_orphaned: 0,
        best_trial_number: 0,
        search_seed: 0,
      },
      data_stats: {
        n_rows: 0,
        n_users: 0,
        n_items: 0,
        drop_count: 0,
        dedup_policy: "none",
      },
    },
    { a: { dtype: "f32", shape: [data.length], data } },
    KeyRing.developmentUnsigned(),
  );
  await publishArtifact(
    createStore(),
    { path, versioning: "always_overwrite" },
    parts,
    CAPS,
  );
}

/** Prints the shortest of some runs. */
async function time(
  what: string,
  bytes: number,
  run: () => void | Promise<void>,
): Promise<void> {
  let shortest = Infinity;
  for (let count = 0; count < RUNS; count++) {
    const start = performance.now();
    await run();
    shortest = Math.min(shortest, performance.now() - start);
  }
  print(
    `${what.padEnd(16)}${round(shortest)} ms, ${
      round(bytes / MB / (shortest / 1000))
    } MB/s`,
  );
}

function round(value: number): string {
  return value.toFixed(0).padStart(5);
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

if (import.meta.main) {
  const [first = "200", path] = Deno.args;
  await (first === "open" ? open(path!) : main(Number(first)));
}
