import { assertEquals } from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { RecotemError } from "../../core/errors.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { train } from "../../train/train.ts";

/** Ten readers of two tastes, each of whom lacks one of three books. */
const LOANS = [
  "reader,book",
  ...Array.from({ length: 10 }, (_, reader) => {
    const books = reader % 2 === 0 ? ["a", "b", "c"] : ["x", "y", "z"];
    books.splice(reader % 3, 1);
    return books.map((book) => `r${reader},${book}`).join("\n");
  }),
].join("\n");

Deno.test("train() with device gpu searches and fits on it, and says so in the artifact", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/loans.csv`, LOANS);
    const recipe = await parseRecipe(
      `
name: books
source: { type: csv, path: ${folder}/loans.csv }
schema: { user_column: reader, item_column: book }
training:
  algorithms: [CosineKNN]
  n_trials: 1
  device: gpu
  split: { heldout_ratio: 0.5 }
output: { path: ${folder}/books.recotem }
`,
      { path: "books.yaml", env: new Map() },
    );
    const keys = KeyRing.parse(`shop:${"5a".repeat(32)}`);
    const { header } = await train(recipe, { keys });
    assertEquals(header.engine, "wasm-simd-relaxed+webgpu");
    assertEquals(header.best_class, "CosineKNNRecommender");
  } catch (error) {
    if (
      !(error instanceof RecotemError) ||
      !error.message.startsWith("No GPU was found")
    ) throw error;
    await t.step({ name: error.message, ignore: true, fn() {} });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
