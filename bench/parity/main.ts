/**
 * Validation NDCG@20 on the retail purchases at fixed parameters, beside irspack's on the same split. Fails when one
 * differs by more than 0.002.
 *
 * pip install irspack==0.5.1
 * deno run -A bench/parity/main.ts [python]
 *
 * @module
 */
import { algorithmByName } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { evaluate } from "../../train/evaluate.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { readRetail } from "../read_retail.ts";

const TOLERANCE = 0.002;
const ROOT = new URL("../..", import.meta.url).pathname;

/**
 * IALS: the values of Rendle et al. 2021 for ML-20M; DenseSLIM, EDLAE, TruncatedSVD: values that do well here; the
 * others: what irspack takes when nothing is said, normalized.
 */
const CASES = [
  {
    algorithm: "IALS",
    params: { n_components: 64, alpha0: 0.1, reg: 0.003, train_epochs: 16 },
  },
  { algorithm: "CosineKNN", params: { top_k: 100, normalize: true } },
  {
    algorithm: "RP3beta",
    params: { top_k: 100, beta: 0.6, normalize_weight: false },
  },
  { algorithm: "DenseSLIM", params: { reg: 100 } },
  { algorithm: "EDLAE", params: { reg: 100, dropout_p: 0.3 } },
  { algorithm: "TruncatedSVD", params: { n_components: 64 } },
  { algorithm: "TopPop", params: {} },
] as const;

interface Score {
  readonly ndcg: number;
  readonly seconds: number;
}

async function main(python: string): Promise<void> {
  Deno.chdir(ROOT);
  const { split: { fit, heldOut } } = await readRetail();
  const folder = await Deno.makeTempDir();
  try {
    await writeMatrix(`${folder}/fit`, fit);
    await writeMatrix(`${folder}/held_out`, heldOut);
    const ours = await scoreOurs(fit, heldOut);
    const theirs = await scoreTheirs(python, folder);
    print(
      "algorithm      irspack     ours    difference   seconds: irspack, ours",
    );
    let worst = 0;
    for (const [n, { algorithm }] of CASES.entries()) {
      const [own, other] = [ours[n]!, theirs[n]!];
      const difference = own.ndcg - other.ndcg;
      worst = Math.max(worst, Math.abs(difference));
      print(
        algorithm.padEnd(13) + other.ndcg.toFixed(5).padStart(9) +
          own.ndcg.toFixed(5).padStart(9) +
          difference.toFixed(5).padStart(13) +
          other.seconds.toFixed(2).padStart(19) +
          own.seconds.toFixed(2).padStart(6),
      );
    }
    if (worst > TOLERANCE) {
      throw new Error(`They differ by ${worst}, more than ${TOLERANCE}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function scoreOurs(fit: Csr, heldOut: Csr): Promise<Score[]> {
  const kernels = await createKernels();
  const { signal } = new AbortController();
  const scores: Score[] = [];
  for (const { algorithm: name, params } of CASES) {
    const algorithm = algorithmByName(name)!;
    const start = performance.now();
    const model = await algorithm.fit(fit, algorithm.params.parse(params), {
      kernels,
      signal,
      random: createRandom(42),
      shared: createSharedWork(),
      warn() {},
    });
    const options = { kernels, signal, cutoff: 20 };
    const { ndcg } = await evaluate(model, fit, heldOut, options);
    scores.push({ ndcg, seconds: (performance.now() - start) / 1000 });
  }
  kernels.close();
  return scores;
}

async function scoreTheirs(python: string, folder: string): Promise<Score[]> {
  const { success, stdout } = await new Deno.Command(python, {
    args: [`${ROOT}/bench/parity/irspack_scores.py`, folder],
    env: { CASES: JSON.stringify(CASES) },
    stderr: "inherit",
  }).output();
  if (!success) {
    throw new Error(`${python} failed; is irspack 0.5.1 installed?`);
  }
  // irspack draws its progress on standard output.
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return JSON.parse(lines.at(-1)!);
}

async function writeMatrix(path: string, matrix: Csr): Promise<void> {
  const { rows, cols, indptr, indices, values } = matrix;
  await Deno.writeTextFile(`${path}.json`, JSON.stringify([rows, cols]));
  for (const [name, array] of Object.entries({ indptr, indices, values })) {
    await Deno.writeFile(
      `${path}.${name}`,
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
  }
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main(Deno.args[0] ?? "python3");
