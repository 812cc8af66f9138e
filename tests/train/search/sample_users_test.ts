import { assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { sampleUsers } from "../../../train/search/sample_users.ts";
import { fromDense } from "../../core/kernels/matrices.ts";

const MATRIX = fromDense(
  Array.from(
    { length: 40 },
    (_, user) => user % 4 === 0 ? [] : [user, null, 1],
  ),
  3,
);

function row(
  { indptr, indices, values }: typeof MATRIX,
  user: number,
): [number[], number[]] {
  const [begin, end] = [indptr[user]!, indptr[user + 1]!];
  return [[...indices.slice(begin, end)], [...values.slice(begin, end)]];
}

Deno.test("sampleUsers() keeps whole rows of as many users as asked for, of those who have something", () => {
  const sample = sampleUsers(MATRIX, 7, createRandom(1));
  assertEquals([sample.rows, sample.cols], [40, 3]);
  const kept = Array.from({ length: 40 }, (_, user) => user)
    .filter((user) => row(sample, user)[0].length > 0);
  assertEquals(kept.length, 7);
  for (const user of kept) assertEquals(row(sample, user), row(MATRIX, user));
});

Deno.test("sampleUsers() draws by its seed", () => {
  const one = sampleUsers(MATRIX, 7, createRandom(1));
  assertEquals(sampleUsers(MATRIX, 7, createRandom(1)), one);
  assertNotEquals(sampleUsers(MATRIX, 7, createRandom(2)), one);
});

Deno.test("sampleUsers() gives the matrix back when it has no more users than asked for", () => {
  assertStrictEquals(sampleUsers(MATRIX, 30, createRandom(1)), MATRIX);
});
