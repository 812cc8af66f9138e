/**
 * Whole training runs of one recipe, here and by the original Recotem, in turn: wall and processor seconds, peak memory
 * of the largest process, best score. Needs Linux with GNU time.
 *
 * python3.12 -m venv venv && venv/bin/pip install recotem==2.1.0
 * deno run -A bench/search/main.ts bench/search/retail.yaml venv/bin/recotem [rounds]
 *
 * @module
 */
const ROOT = new URL("../..", import.meta.url).pathname;
const KEYS = `bench:${"5a".repeat(32)}`;

interface Run {
  readonly wall: number;
  readonly processor: number;
  readonly megabytes: number;
  readonly bestClass: string;
  readonly bestScore: number;
}

/** What a training run of either program says at its end, as a line of JSON. */
interface TrainDone {
  readonly event: string;
  readonly best_class: string;
  readonly best_score: number;
}

async function main(
  recipe: string,
  original: string,
  rounds: number,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const copy = `${folder}/recipe.yaml`;
    const text = await Deno.readTextFile(recipe);
    await Deno.writeTextFile(
      copy,
      text.replace(/^( *path: ).*\.recotem$/m, `$1${folder}/out.recotem`),
    );
    const programs = {
      "recotem 2.1.0": [original, "train", copy],
      "this project": [
        Deno.execPath(),
        "run",
        "-A",
        `${ROOT}/cli/main.ts`,
        "train",
        copy,
      ],
    };
    print("program          wall s   CPU s   peak MB   best score");
    for (let round = 0; round < rounds; round++) {
      for (const [name, command] of Object.entries(programs)) {
        const { wall, processor, megabytes, bestClass, bestScore } = await run(
          command,
          folder,
        );
        print(
          name.padEnd(15) + wall.toFixed(1).padStart(8) +
            processor.toFixed(1).padStart(8) +
            megabytes.toFixed(0).padStart(10) +
            `   ${bestScore.toFixed(5)} ${bestClass}`,
        );
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: readonly string[], folder: string): Promise<Run> {
  const figures = `${folder}/time`;
  const { success, stdout, stderr } = await new Deno.Command("/usr/bin/time", {
    args: ["-o", figures, "-f", "%e %U %S %M", ...command],
    env: { RECOTEM_SIGNING_KEYS: KEYS, RECOTEM_LOG_FORMAT: "json" },
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success) throw new Error(output);
  const done = output.split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as TrainDone)
    .find(({ event }) => event === "train_done")!;
  const [wall, user, system, kilobytes] = (await Deno.readTextFile(figures))
    .trim().split(" ").map(Number) as [number, number, number, number];
  return {
    wall,
    processor: user + system,
    megabytes: kilobytes / 1024,
    bestClass: done.best_class,
    bestScore: done.best_score,
  };
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

const [recipe, original, rounds = "1"] = Deno.args;
if (recipe === undefined || original === undefined) {
  print("Usage: bench/search/main.ts RECIPE ORIGINAL [ROUNDS]");
  Deno.exit(2);
}
await main(recipe, original, Number(rounds));
