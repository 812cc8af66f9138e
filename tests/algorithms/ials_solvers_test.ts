import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ials } from "../../algorithms/ials.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { loadModel } from "../../core/models/load_model.ts";
import { assertClose } from "./assert_close.ts";
import {
  column,
  type Dense,
  dot,
  fitDense,
  scoreRow,
  WEIGHTED,
} from "./fit_dense.ts";
import { solveDense } from "./solve_dense.ts";

const K = 4;
const ITEMS = WEIGHTED[0]!.length;
const COLUMNS = Array.from({ length: ITEMS }, (_, i) => column(WEIGHTED, i));

/** Settings of {@linkcode expectedScores}; as the parameters of the algorithm. */
interface Settings {
  readonly alpha0: number;
  readonly reg: number;
  readonly nu: number;
  readonly train_epochs: number;
  readonly loss_type?: "IALSPP" | "ORIGINAL";
  /** Factors solved for at a time. */
  readonly block?: number;
  readonly confidence?: (value: number) => number;
}

/** Minimises over the factors `first` to `first + size` of one row, the others held fixed. */
function solveRow(
  own: number[],
  row: readonly number[],
  fixed: Dense,
  first: number,
  { alpha0, reg, nu, loss_type, block = K, confidence = (x) => x }: Settings,
): number[] {
  const count = row.filter((value) => value > 0).length;
  if (count === 0) return own.map(() => 0);
  const ridge = reg * (alpha0 * fixed.length + count) ** nu;
  const chosen = Array.from(own.keys()).slice(first, first + block);
  const rest = own.map((value, f) => chosen.includes(f) ? 0 : value);
  const system = chosen.map((f) => chosen.map((g) => f === g ? ridge : 0));
  const right = chosen.map(() => 0);
  fixed.forEach((q, at) => {
    const c = row[at] === 0 ? 0 : confidence(row[at]!);
    const pull = row[at] === 0
      ? 0
      : c + (loss_type === "ORIGINAL" ? alpha0 : 0);
    chosen.forEach((f, i) => {
      right[i]! += (pull - (c + alpha0) * dot(q, rest)) * q[f]!;
      chosen.forEach((g, j) => {
        system[i]![j]! += (c + alpha0) * q[f]! * q[g]!;
      });
    });
  });
  const solution = solveDense(system, right);
  return own.map((value, f) =>
    chosen.includes(f) ? solution[chosen.indexOf(f)]! : value
  );
}

/** Alternates exactly from the factors that the algorithm starts with. */
function expectedScores(settings: Settings): number[][] {
  const random = createRandom(42);
  const draw = (rows: number) =>
    Array.from(
      { length: rows },
      () =>
        Array.from({ length: K }, () => 0.1 / Math.sqrt(K) * random.normal()),
    );
  let users = draw(WEIGHTED.length);
  let items = draw(ITEMS);
  for (let epoch = 0; epoch < settings.train_epochs; epoch++) {
    for (let first = 0; first < K; first += settings.block ?? K) {
      users = users.map((own, u) =>
        solveRow(own, WEIGHTED[u]!, items, first, settings)
      );
      items = items.map((own, i) =>
        solveRow(own, COLUMNS[i]!, users, first, settings)
      );
    }
  }
  return users.map((p) => items.map((q) => dot(p, q)));
}

async function scoresOf(
  params: Readonly<Record<string, unknown>>,
): Promise<number[][]> {
  const model = await fitDense(ials, WEIGHTED, { n_components: K, ...params });
  const out = new Float32Array(ITEMS);
  return WEIGHTED.map((_, user) => {
    const none = { items: new Uint32Array(), weights: new Float32Array() };
    model.scoreUser(user, none, out);
    return Array.from(out);
  });
}

const SETTINGS = { alpha0: 0.2, reg: 0.05, nu: 0.7, train_epochs: 3 };

Deno.test("IALS alternates exact solutions with CHOLESKY, and with as many steps of CG as factors", async () => {
  for (const loss_type of ["IALSPP", "ORIGINAL"] as const) {
    const expected = expectedScores({ ...SETTINGS, loss_type });
    for (const solver of ["CHOLESKY", "CG"]) {
      assertClose(
        await scoresOf({ ...SETTINGS, loss_type, solver, max_cg_steps: 0 }),
        expected,
        1e-4,
      );
    }
  }
});

Deno.test("IALS with IALSPP solves for blocks of factors, users and items taking turns per block", async () => {
  for (const block of [1, 3]) {
    assertClose(
      await scoresOf({
        ...SETTINGS,
        solver: "IALSPP",
        ialspp_subspace_dimension: block,
      }),
      expectedScores({ ...SETTINGS, block }),
      1e-4,
    );
  }
});

Deno.test("IALS with IALSPP and a block of all factors is IALS with CHOLESKY", async () => {
  assertEquals(
    await scoresOf({ ...SETTINGS, solver: "IALSPP" }),
    await scoresOf({ ...SETTINGS, solver: "CHOLESKY" }),
  );
});

Deno.test("IALS with confidence_scaling log takes ln(1 + value / epsilon) for the confidence, also of new users", async () => {
  const params = {
    ...SETTINGS,
    solver: "CHOLESKY",
    confidence_scaling: "log",
    epsilon: 0.5,
    n_components: K,
    train_epochs: 30,
  };
  const confidence = (value: number) => Math.log(1 + value / 0.5);
  const scores = await scoresOf({ ...params, train_epochs: 3 });
  assertClose(scores, expectedScores({ ...SETTINGS, confidence }), 1e-4);
  const model = await fitDense(ials, WEIGHTED, params);
  const known = await scoresOf(params);
  const folded = WEIGHTED.map((row) => scoreRow(model, row));
  assertClose(folded, known, 1e-2);
  const size = { users: WEIGHTED.length, items: ITEMS };
  const loaded = loadModel(model.kind, model.tensors(), size);
  assertEquals(WEIGHTED.map((row) => scoreRow(loaded, row)), folded);
  const wrong = { dtype: "f64", shape: [1], data: Float64Array.of(0) } as const;
  assertThrows(
    () => loadModel(model.kind, { ...model.tensors(), epsilon: wrong }, size),
    RangeError,
    "epsilon 0, must be positive",
  );
});

Deno.test("IALS with nu_star weighs its ridge in all as with that exponent", async () => {
  const { alpha0, reg, nu } = SETTINGS;
  const counts = (rows: Dense, others: number) =>
    rows.map((row) => row.filter((x) => x > 0).length + alpha0 * others);
  const sizes = [
    ...counts(WEIGHTED, ITEMS),
    ...counts(COLUMNS, WEIGHTED.length),
  ];
  const total = (exponent: number) =>
    sizes.reduce((sum, size) => sum + size ** exponent, 0);
  assertClose(
    await scoresOf({ ...SETTINGS, solver: "CHOLESKY", nu_star: 1.3 }),
    expectedScores({ ...SETTINGS, reg: reg * total(1.3) / total(nu) }),
    1e-4,
  );
});

Deno.test("IALS without any regularisation has nothing for an exact solver to find", async () => {
  for (const solver of ["CHOLESKY", "IALSPP"]) {
    await assertRejects(
      () => scoresOf({ solver, alpha0: 0, reg: 0 }),
      RangeError,
      `alpha0 and reg are both 0, so that rows have no single solution for ${solver}`,
    );
  }
});
