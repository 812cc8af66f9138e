/** Files that trials are kept in, over the command line. */
import { assert, assertEquals } from "@std/assert";
import type { RecipePermissions } from "../../core/recipe/permissions.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { recotem } from "../cli/recotem.ts";
import {
  assertRefused,
  ENDLESS,
  ENV,
  eventsOf,
  loansFolder,
  recipe,
  startTraining,
  trainBooks,
} from "./train_run.ts";

const FILES = ["trials.journal", "trials.db"];

function keeping(storage: string, name = "books"): string {
  return recipe({
    name: `name: ${name}`,
    training:
      `training: { algorithms: [CosineKNN, IALS], n_trials: 2, split: { heldout_ratio: 0.3 }, storage_path: "${storage}" }`,
  });
}

for (const storage of FILES) {
  Deno.test(`recotem train asks for ${storage} and nothing beside it, and refuses it to another recipe and to whom it is not whole`, async () => {
    await using folder = await loansFolder(keeping(storage));
    const { out } = await recotem(["permissions", "books.yaml", "--json"], {
      cwd: folder.path,
    });
    const granted: RecipePermissions = JSON.parse(out);
    assert(granted.write.includes(`${folder.path}/${storage}`));
    using audit = new Audit();
    const { code } = await trainBooks(folder, [], {
      env: { ...ENV, ...audit.env },
    });
    assertEquals(code, 0);
    assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
      refused: [],
      unused: [],
    });

    const refused = { code: "search_error", exit: 4 };
    await folder.write("books.yaml", keeping(storage, "shop"));
    await assertRefused(folder, {
      ...refused,
      says: /of the recipe books; give each recipe a training\.storage_path/,
    });
    const path = `${folder.path}/${storage}`;
    await Deno.writeFile(path, (await Deno.readFile(path)).fill(7, 100));
    await assertRefused(folder, {
      ...refused,
      says: new RegExp(`${storage}.*(malformed|is not an? )`),
    });
  });
}

Deno.test("recotem train refuses a file of trials that cannot be made before it reads data", async () => {
  await using folder = await loansFolder();
  await Deno.remove(`${folder.path}/data/loans.csv`);
  for (const storage of FILES) {
    await folder.write("books.yaml", keeping(`gone/${storage}`));
    await assertRefused(folder, {
      code: "search_error",
      exit: 4,
      says: /Cannot keep trials in gone\/trials\.\w+: NotFound; .* must be a f/,
    });
  }
});

Deno.test("recotem train refuses a file of trials that another run has open", async () => {
  await using folder = await loansFolder();
  for (const storage of FILES) {
    await folder.write(
      "books.yaml",
      recipe({
        training: ENDLESS.replace(/ }$/, `, storage_path: ${storage} }`),
      }),
    );
    const first = startTraining(folder, ["--no-lock"]);
    let refused = false;
    for await (const { event } of eventsOf(first)) {
      if (event !== "trial_done" || refused) continue;
      refused = true;
      await assertRefused(folder, {
        flags: ["--no-lock"],
        code: "search_error",
        exit: 4,
        says: new RegExp(`Another run keeps its trials in ${storage}; wait`),
      });
      first.kill("SIGTERM");
    }
    await first.stdout.cancel();
    assertEquals((await first.status).code, 143);
  }
});

Deno.test("recotem train --join refuses a storage that cannot be shared, and a run of its own beside", async () => {
  await using folder = await loansFolder(keeping("trials.db"));
  for (
    const [flags, says] of [
      [["--join=a"], /Flag --join needs a training\.storage_path that starts/],
      [["--join=a", "--run-id=b"], /Flag --join names the run/],
      [["--join=a/b"], /Flag --join must be 1 to 64 letters/],
    ] as const
  ) {
    // Who joins needs no signing keys.
    const env = { NO_COLOR: "1" };
    await assertRefused(folder, {
      flags,
      env,
      code: "usage_error",
      exit: 2,
      says,
    });
  }
});

Deno.test("recotem train refuses a password in training.storage_path and does not repeat it", async () => {
  await using folder = await loansFolder(
    keeping("postgresql://ann:s3cret@db.example.org/studies"),
  );
  const error = await assertRefused(folder, {
    code: "search_error",
    exit: 4,
    says: /must not hold a user or password: set RECOTEM_STORAGE_USER and/,
  });
  assert(!JSON.stringify(error).includes("s3cret"));
});
