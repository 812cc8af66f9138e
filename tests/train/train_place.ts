import { assertRejects } from "@std/assert";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import { RecotemError } from "../../core/errors.ts";
import { train } from "../../train/train.ts";
import type { TrainOptions } from "../../train/train_options.ts";
import { recordEvents } from "../core/record_events.ts";
import { KEYS } from "./fixture.ts";
import { LOANS, TITLES } from "./loans.ts";

/** A folder with the loans in it, and a recipe that reads them and writes below `models`. */
export interface Place {
  readonly folder: string;
  readonly recipe: Recipe;
  /** Names below `models`, in order. */
  published(): Promise<string[]>;
}

/** Registers a test of training by a recipe with these settings, `more` behind them. */
export function test(
  name: string,
  training: string,
  run: (place: Place) => Promise<void>,
  more = "",
): void {
  Deno.test(`train() ${name}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      await Deno.writeTextFile(`${folder}/loans.csv`, LOANS);
      await Deno.writeTextFile(`${folder}/titles.csv`, TITLES);
      const text = `
name: books
source: { type: csv, path: ${folder}/loans.csv }
schema: { user_column: reader, item_column: book, time_column: at }
training: { cutoff: 5, split: { heldout_ratio: 0.3 }, ${training} }
output: { path: ${folder}/models/books.recotem }
${more.replaceAll("FOLDER", folder)}`;
      const recipe = await parseRecipe(text, { path: "r", env: new Map() });
      await run({
        folder,
        recipe,
        async published() {
          return (await Array.fromAsync(Deno.readDir(`${folder}/models`)))
            .map(({ name }) => name).sort();
        },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Options that keep what is told. */
export function options(
  changes: Partial<TrainOptions> = {},
): TrainOptions & { events: ReturnType<typeof recordEvents> } {
  return {
    keys: KEYS,
    kernels: createReferenceKernels(),
    runId: "run-1",
    now: () => new Date("2026-11-02T03:04:05.678Z"),
    ...changes,
    events: recordEvents(),
  };
}

/** Nothing was written, not even the folder. */
export async function assertNothing({ published }: Place): Promise<void> {
  await assertRejects(published, Deno.errors.NotFound);
}

/** What training is refused with. */
export async function refusal(
  { recipe }: Place,
  given: TrainOptions,
): Promise<RecotemError> {
  return await assertRejects(() => train(recipe, given), RecotemError);
}
