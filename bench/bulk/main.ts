/**
 * How many users `recotem recommend --all` answers a second, the whole command: start, opening and verifying the
 * artifact, ranking on all cores, writing.
 *
 * deno run -A bench/bulk/main.ts [GOWALLA]
 *
 * GOWALLA is the training half of Gowalla in Parquet, with columns `user_id` and `item_id`; it is not part of the
 * project. Models are the first trial of a search. Run from the repository's root.
 *
 * @module
 */
const ALGORITHMS = ["RP3beta", "IALS"];
const FORMATS = ["parquet", "csv", "jsonl"];
/** The fastest counts. */
const ROUNDS = 3;

/** One line of the table. */
interface Row {
  readonly users: number;
  readonly megabytes: number;
  readonly seconds: number;
}

async function main([gowalla]: readonly string[]): Promise<void> {
  print("| data | model, MB | format | seconds | users/s | MB |\n");
  print("| --- | --- | --- | --- | --- | --- |\n");
  for (
    const data of gowalla === undefined ? ["retail"] : ["retail", "gowalla"]
  ) {
    for (const algorithm of ALGORITHMS) {
      const folder = await Deno.makeTempDir();
      try {
        const env = {
          RECOTEM_SIGNING_KEYS: `bench:${"5a".repeat(32)}`,
          RECOTEM_RECIPE_FOLDER: folder,
          RECOTEM_RECIPE_ALGORITHM: algorithm,
          RECOTEM_RECIPE_GOWALLA: gowalla ?? "",
        };
        await recotem(["train", `bench/bulk/${data}.yaml`, "--no-lock"], env);
        const artifact = `${folder}/${data}.recotem`;
        const size = await modelSize(folder, artifact);
        for (const format of FORMATS) {
          const { users, seconds, megabytes } = await answer(
            artifact,
            `${folder}/answers.${format}`,
            env,
          );
          print(
            `| ${data} | ${algorithm}, ${size.toFixed(1)} | ${format} | ${
              seconds.toFixed(2)
            } | ${Math.round(users / seconds)} | ${megabytes.toFixed(1)} |\n`,
          );
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
  }
}

async function answer(
  artifact: string,
  out: string,
  env: Record<string, string>,
): Promise<Row> {
  const seconds: number[] = [];
  let said = "";
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    said = await recotem(["recommend", artifact, "--all", "--out", out], env);
    seconds.push((performance.now() - started) / 1000);
  }
  return {
    seconds: Math.min(...seconds),
    users: Number(/rows for (\d+) users/.exec(said)![1]),
    megabytes: (await Deno.stat(out)).size / 1e6,
  };
}

async function modelSize(folder: string, pointer: string): Promise<number> {
  const name = (await Deno.readTextFile(pointer)).trim();
  return (await Deno.stat(`${folder}/${name}`)).size / 1e6;
}

async function recotem(
  argv: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "cli/main.ts", ...argv],
    env,
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) await main(Deno.args);
