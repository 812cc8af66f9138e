/** Scores beside those of irspack 0.5 on the same small matrices; see testdata/make_parity.py. */
import { assertAlmostEquals } from "@std/assert";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { ALGORITHMS } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Random } from "../../core/kernels/random.ts";
import parity from "./testdata/parity.json" with { type: "json" };
import { type Dense, fitDense, scoreRow } from "./fit_dense.ts";

/** One fit of irspack's. */
interface Case {
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly matrix: string;
  /** What the first factors are made of, in the order that ours are drawn in. */
  readonly normals?: readonly number[];
  readonly scores: Dense;
  readonly newcomers?: Dense;
  readonly newcomer_scores?: Dense;
}

const CASES = parity.cases as unknown as readonly Case[];
const MATRICES = parity.matrices as Readonly<Record<string, Dense>>;

/** Of the wanted score, or of a tenth of the largest one. */
const TOLERANCE = 1e-4;

/** Where we differ, by how much, and why. */
interface Exception {
  readonly users?: number;
  readonly newcomers?: number;
  readonly why: string;
}

const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  SLIM: {
    users: 5e-3,
    newcomers: 5e-3,
    why:
      "irspack's weights miss the optimum by up to 5e-4; slim_test.ts proves that ours are at it",
  },
  IALS: {
    users: 1e-3,
    newcomers: 1e-3,
    why:
      "conjugate gradients in single precision, from factors near 0: both are as far from what double precision gives",
  },
  NMF: {
    newcomers: 0.03,
    why:
      "irspack ends a newcomer's sweeps early, at 1e-4 of the first gradients; ours go on to the optimum",
  },
};

for (const name of new Set(CASES.map(({ algorithm }) => algorithm))) {
  const algorithm = ALGORITHMS.find((each) => each.name === name);
  const cases = CASES.filter((each) => each.algorithm === name);
  Deno.test({
    name: algorithm
      ? `${name} scores as irspack does, users and newcomers`
      : `${name} scores as irspack does: there is no ${name} to compare`,
    ignore: !algorithm,
    fn: () => compare(algorithm!, cases),
  });
}

async function compare(
  algorithm: Algorithm,
  cases: readonly Case[],
): Promise<void> {
  const kernels = await createKernels({ threads: 1 });
  try {
    for (const each of cases) {
      const rows = MATRICES[each.matrix]!;
      const model = await fitDense(algorithm, rows, each.params, {
        kernels,
        random: each.normals ? replay(each.normals) : createRandom(42),
      });
      const out = new Float32Array(rows[0]!.length);
      const scores = rows.map((row, user) => {
        const items = Uint32Array.from(row.keys()).filter((item) =>
          row[item] !== 0
        );
        const weights = Float32Array.from(items, (item) => row[item]!);
        model.scoreUser(user, { items, weights }, out);
        return Array.from(out);
      });
      const what = JSON.stringify(each.params) + " on " + each.matrix;
      const exception = EXCEPTIONS[algorithm.name];
      const { users = TOLERANCE, newcomers = TOLERANCE } = exception ?? {};
      const why = exception ? `; ${exception.why}` : "";
      assertScores(scores, each.scores, users, what + why);
      if (each.newcomers === undefined) continue;
      assertScores(
        each.newcomers.map((row) => scoreRow(model, row)),
        each.newcomer_scores!,
        newcomers,
        `a newcomer of ${what}${why}`,
      );
    }
  } finally {
    kernels.close();
  }
}

function assertScores(
  actual: Dense,
  wanted: Dense,
  tolerance: number,
  what: string,
): void {
  const largest = Math.max(...wanted.flat().map(Math.abs));
  wanted.forEach((row, r) =>
    row.forEach((value, item) =>
      assertAlmostEquals(
        actual[r]![item]!,
        value,
        tolerance * Math.max(Math.abs(value), largest / 10),
        `row ${r}, item ${item}, ${what}`,
      )
    )
  );
}

/** A stream whose normals are given. */
function replay(normals: readonly number[]): Random {
  let next = 0;
  return {
    float: () => 0,
    int: () => 0,
    normal: () => normals[next++]!,
    fork: () => replay(normals),
  };
}
