import { assert, assertEquals } from "@std/assert";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { train } from "../../train/train.ts";
import { recordEvents } from "../core/record_events.ts";
import { KEYS } from "./fixture.ts";

/** More than can be inverted in kernel memory. */
const ITEMS = 43_000;

// Takes two seconds, since there is no smaller catalogue whose inverse has no room.
Deno.test("train() of a catalogue beyond memory says in events and header that neighbours took the place of the inverse", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const lines = ["user,item"];
    for (let user = 0; 5 * user < ITEMS; user++) {
      for (let n = 0; n < 7; n++) {
        lines.push(`u${user},i${(5 * user + n) % ITEMS}`);
      }
    }
    await Deno.writeTextFile(`${folder}/rows.csv`, lines.join("\n") + "\n");
    const recipe = await parseRecipe(
      `
name: large
source: { type: csv, path: ${folder}/rows.csv }
schema: { user_column: user, item_column: item }
training:
  algorithms: [DenseSLIM]
  n_trials: 1
  weights: { top_k: all }
  split: { test_user_ratio: 0.01, heldout_ratio: 0.3 }
output: { path: ${folder}/large.recotem }
`,
      { path: "r", env: new Map() },
    );
    const events = recordEvents();
    const { header } = await train(recipe, { keys: KEYS, events });
    const { reg, ...others } = header.best_params;
    assert(typeof reg === "number");
    assertEquals(others, { neighbours: 256 });
    assertEquals(header.model_kind, "similarity");
    assert(header.best_score! > 0.1);
    const used = events.seen.filter(([, event]) =>
      event === "approximate_inverse_used"
    );
    assert(used.length > 0);
    for (const [level, , fields] of used) {
      assertEquals(level, "warn");
      assertEquals(fields, {
        algorithm: "DenseSLIM",
        items: ITEMS,
        neighbours: 256,
        density: 256 / ITEMS,
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
