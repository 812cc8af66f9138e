import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { PairwiseArgs } from "../../../core/kernels/learning_kernels.ts";
import { fromDense, randomCsr, randomFloats } from "./matrices.ts";
import { testEach } from "./test_each.ts";

const RATES = { learningRate: 0.1, userDecay: 0.01, itemDecay: 0.02 };

/** One user who has item 0, and item 1 that nobody has. */
function onePair(loss: "bpr" | "warp"): PairwiseArgs {
  return {
    ...RATES,
    loss,
    positives: fromDense([[1, null]]),
    factors: 4,
    shift: 0,
    seeds: Uint32Array.of(1),
    schedule: {
      users: Uint32Array.of(0),
      items: Uint32Array.of(0),
      starts: Uint32Array.of(0, 1),
      blockItems: Uint32Array.of(0, 1),
      blockStarts: Uint32Array.of(0, 2),
    },
    state: {
      users: Float32Array.of(1, 0, 0, 0),
      items: Float32Array.of(0.5, 0, 0, 0, 0.25, 0, 0, 0),
      biases: Float32Array.of(0, 0.5),
      userSquares: new Float32Array(4).fill(1),
      itemSquares: new Float32Array(8).fill(4),
      biasSquares: new Float32Array(2).fill(1),
    },
  };
}

testEach(
  "pairwiseSteps() with WARP steps by the estimated rank, with decay and Adagrad",
  async (kernels) => {
    const args = onePair("warp");
    // Three items more, so that the estimated rank is 4 / draws or less; all but item 0 violate the margin alike.
    const items = new Float32Array(20);
    items.set(args.state.items);
    const state = {
      ...args.state,
      items,
      itemSquares: new Float32Array(20).fill(4),
      biases: Float32Array.of(0, 0.5, -9, -9, -9),
      biasSquares: new Float32Array(5).fill(1),
    };
    const schedule = {
      ...args.schedule,
      // The other item is the only one that can be drawn, at the first draw.
      blockItems: Uint32Array.of(1, 1, 1, 1, 1),
      blockStarts: Uint32Array.of(0, 5),
    };
    const positives = fromDense([[1, null, null, null, null]]);
    await kernels.pairwiseSteps({ ...args, state, schedule, positives });
    const weight = Math.log(4);
    assertAlmostEquals(state.biases[0]!, 0.1 * weight, 1e-6);
    assertAlmostEquals(
      state.biases[1]!,
      0.5 * (1 - 0.1 * 0.02) - 0.1 * weight,
      1e-6,
    );
    assertAlmostEquals(
      state.users[0]!,
      1 - 0.1 * 0.01 - 0.1 * weight * (0.25 - 0.5),
      1e-6,
    );
    assertAlmostEquals(
      items[0]!,
      0.5 * (1 - 0.05 * 0.02) + 0.05 * weight,
      1e-6,
    );
    assertAlmostEquals(
      items[4]!,
      0.25 * (1 - 0.05 * 0.02) - 0.05 * weight,
      1e-6,
    );
    assertAlmostEquals(state.itemSquares[4]!, 4 + weight ** 2, 1e-5);
    assertAlmostEquals(state.userSquares[0]!, 1 + (weight * 0.25) ** 2, 1e-6);
  },
);

testEach(
  "pairwiseSteps() with BPR weighs a pair by how wrong its order is",
  async (kernels) => {
    const args = onePair("bpr");
    // A second user has item 1, which so can be drawn for the first.
    const pairs = {
      ...args,
      positives: fromDense([[1, null], [null, 1]]),
      schedule: {
        ...args.schedule,
        users: Uint32Array.of(0, 1),
        items: Uint32Array.of(0, 1),
        starts: Uint32Array.of(0, 2),
      },
      state: {
        ...args.state,
        users: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0),
        userSquares: new Float32Array(8).fill(1),
      },
    };
    await kernels.pairwiseSteps(pairs);
    const first = 1 / (1 + Math.exp(0.5 - 0.75));
    const user = 1 - 0.1 * 0.01 - 0.1 * first * (0.25 - 0.5);
    assertAlmostEquals(pairs.state.users[0]!, user, 1e-6);
  },
);

testEach(
  "pairwiseSteps() agrees with plain TypeScript over blocks, epochs and both losses",
  async (kernels) => {
    const reference = createReferenceKernels();
    for (const loss of ["bpr", "warp"] as const) {
      const [own, theirs] = [scheduled(loss), scheduled(loss)];
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const shift of [0, 1, 2]) {
          await kernels.pairwiseSteps({ ...own, shift });
          await reference.pairwiseSteps({ ...theirs, shift });
        }
      }
      for (const name of ["users", "items", "biases", "userSquares"] as const) {
        own.state[name].forEach((value, at) =>
          assertAlmostEquals(value, theirs.state[name][at]!, 1e-3)
        );
      }
    }
  },
);

testEach(
  "pairwiseSteps() leaves a user who has everything alone",
  async (kernels) => {
    for (const loss of ["bpr", "warp"] as const) {
      const args = { ...onePair(loss), positives: fromDense([[1, 1]]) };
      const before = args.state.users.slice();
      await kernels.pairwiseSteps(args);
      assertEquals(args.state.users, before);
    }
  },
);

testEach(
  "pairwiseSteps() refuses factors that are no multiple of 4",
  async (kernels) => {
    await assertRejects(
      () => kernels.pairwiseSteps({ ...onePair("bpr"), factors: 6 }),
      RangeError,
      "factors / 4 is 1.5",
    );
  },
);

/** Users and items in three blocks each, by their index modulo 3. */
function scheduled(loss: "bpr" | "warp"): PairwiseArgs {
  const random = createRandom(4);
  const [rows, cols, factors, blocks] = [30, 45, 8, 3];
  const positives = randomCsr(random, rows, cols, 0.2);
  const pairs = Array.from({ length: rows }, (_, user) =>
    Array.from(
      positives.indices.subarray(
        positives.indptr[user]!,
        positives.indptr[user + 1]!,
      ),
      (item) => ({ user, item, at: item % blocks * blocks + user % blocks }),
    )).flat().sort((a, b) => a.at - b.at);
  return {
    ...RATES,
    loss,
    positives,
    factors,
    shift: 0,
    seeds: Uint32Array.of(7, 8, 9),
    schedule: {
      users: Uint32Array.from(pairs, ({ user }) => user),
      items: Uint32Array.from(pairs, ({ item }) => item),
      starts: Uint32Array.from(
        { length: blocks * blocks + 1 },
        (_, n) => pairs.filter(({ at }) => at < n).length,
      ),
      blockItems: Uint32Array.from(
        { length: cols },
        (_, n) =>
          (n % (cols / blocks)) * blocks + Math.floor(n * blocks / cols),
      ),
      blockStarts: Uint32Array.of(0, 15, 30, 45),
    },
    state: {
      users: randomFloats(random, rows * factors, 0.3),
      items: randomFloats(random, cols * factors, 0.3),
      biases: new Float32Array(cols),
      userSquares: new Float32Array(rows * factors).fill(1),
      itemSquares: new Float32Array(cols * factors).fill(1),
      biasSquares: new Float32Array(cols).fill(1),
    },
  };
}
