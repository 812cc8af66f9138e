import { assertAlmostEquals } from "@std/assert";
import type { Dimension } from "../../../../../algorithms/algorithm.ts";
import { Mt19937 } from "../../../../../train/search/samplers/tpe/mt19937.ts";
import { ParzenEstimator } from "../../../../../train/search/samplers/tpe/parzen_estimator.ts";

interface Case {
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly observations: readonly (readonly number[])[];
  /** Point → log density. */
  readonly densities: readonly (readonly [readonly number[], number])[];
  /** Three draws by RandomState(1). */
  readonly draws: readonly (readonly number[])[];
}

const FLOAT = { type: "float", low: 0, high: 10 } as const;
const CHOICES = { type: "categorical", choices: ["a", "b", "c"] } as const;

/** From Optuna 4.9.0's _ParzenEstimator, log_pdf and sample, with its default parameters. */
const CASES: readonly Case[] = [
  {
    name: "nothing observed",
    dimensions: [FLOAT],
    observations: [],
    densities: [[[1], -2.341607292503096], [[9], -2.341607292503096]],
    draws: [[3.0911594324707075], [1.5416677444687727], [0.9814749166031351]],
  },
  {
    name: "one observation, whose gaps reach to the ends",
    dimensions: [FLOAT],
    observations: [[3]],
    densities: [[[1], -2.2825932855169895], [[9], -2.441906772714957]],
    draws: [[2.780087596734227], [1.5416677444687727], [0.8791705648367696]],
  },
  {
    name: "floats, the outermost with one gap, a narrow one widened",
    dimensions: [FLOAT],
    observations: [[2], [5], [2.5]],
    densities: [
      [[1], -2.0585194429220097],
      [[2.5], -1.8608624842116144],
      [[9], -3.285796932606658],
    ],
    draws: [[3.7697653248060634], [1.0572018419953302], [0.5637552724952415]],
  },
  {
    name: "log floats",
    dimensions: [{ type: "float", low: 1e-4, high: 1, log: true }],
    observations: [[1e-3], [1e-2]],
    densities: [
      [[1e-4], -2.4869355323216804],
      [[5e-3], -1.9019541428662659],
      [[1], -3.164696666837058],
    ],
    draws: [
      [0.0032203726523375767],
      [0.00041368245089808256],
      [0.00019119772372776768],
    ],
  },
  {
    name: "ints, of which two are equal",
    dimensions: [{ type: "int", low: 1, high: 10 }],
    observations: [[3], [3], [7]],
    densities: [
      [[1], -2.3097271672936976],
      [[3], -1.996998746070564],
      [[10], -2.878814441174387],
    ],
    draws: [[3], [3], [1]],
  },
  {
    name: "log ints",
    dimensions: [{ type: "int", low: 1, high: 100, log: true }],
    observations: [[3], [50]],
    densities: [
      [[1], -1.7465896428782846],
      [[40], -5.312550065789888],
      [[100], -6.342314692001882],
    ],
    draws: [[5], [1], [1]],
  },
  {
    name: "choices",
    dimensions: [CHOICES],
    observations: [[0], [2], [2]],
    densities: [
      [[0], -1.0986122886681098],
      [[1], -1.6582280766035324],
      [[2], -0.7419373447293772],
    ],
    draws: [[2], [1], [0]],
  },
  {
    name: "several parameters at once",
    dimensions: [CHOICES, FLOAT, { type: "int", low: 1, high: 64, log: true }],
    observations: [[0, 1, 2], [1, 4, 8]],
    densities: [
      [[0, 1.5, 2], -4.622285638371038],
      [[2, 9, 33], -9.468138927861943],
    ],
    draws: [
      [1, 2.0351033345310943, 8],
      [0, 3.512142644486589, 4],
      [0, 1.9092821938897178, 5],
    ],
  },
];

for (const { name, dimensions, observations, densities, draws } of CASES) {
  const estimator = new ParzenEstimator(dimensions, observations);

  Deno.test(`ParzenEstimator has Optuna's density: ${name}`, () => {
    for (const [point, expected] of densities) {
      assertAlmostEquals(estimator.logDensity(point), expected, 1e-12);
    }
  });

  Deno.test(`ParzenEstimator draws what Optuna draws: ${name}`, () => {
    estimator.sample(new Mt19937(1), 3).forEach((point, n) => {
      point.forEach((value, parameter) => {
        assertAlmostEquals(value, draws[n]![parameter]!, 1e-12);
      });
    });
  });
}

Deno.test("ParzenEstimator's density sums up to 1 over integers, logarithmic ones too", () => {
  for (const log of [false, true]) {
    const estimator = new ParzenEstimator(
      [{ type: "int", low: 2, high: 40, log }],
      [[2], [5], [39]],
    );
    let sum = 0;
    for (let value = 2; value <= 40; value++) {
      sum += Math.exp(estimator.logDensity([value]));
    }
    assertAlmostEquals(sum, 1, 1e-12);
  }
});
