import { assert, assertEquals, assertMatch } from "@std/assert";
import { acquireLock } from "../../train/lock.ts";
import { SILENT } from "../../core/config/events.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { LOANS } from "../train/loans.ts";
import {
  assertRefused,
  assertUntouched,
  ENV,
  loansFolder,
  namesOf,
  previousModel,
  recipe,
  type Refusal,
  trainBooks,
} from "./train_run.ts";

/** A run that must be refused, and how the folder is made ready for it. */
interface Case extends Refusal {
  readonly recipe?: Parameters<typeof recipe>[0];
  before?(folder: RecipeFolder): Promise<unknown>;
}

const { RECOTEM_SIGNING_KEYS: _, ...NO_KEYS } = ENV;

const REFUSALS: Readonly<Record<string, Case>> = {
  "a key of the recipe that is misspelt": {
    recipe: { training: "trainning: { algorithms: [TopPop] }" },
    code: "recipe_error",
    exit: 2,
    says: /books\.yaml:5:1: .*trainning.*did you mean "?training/,
  },
  "a recipe that is no YAML": {
    recipe: { training: "training: [" },
    code: "recipe_error",
    exit: 2,
    says: /books\.yaml:\d+:\d+: /,
  },
  "an algorithm that there is not": {
    recipe: { training: "training: { algorithms: [IALSS] }" },
    code: "unknown_algorithm",
    exit: 2,
    says: /books\.yaml:5:\d+: .*did you mean "?IALS/,
  },
  "a run id with a blank": {
    flags: ["--run-id", "my run"],
    code: "usage_error",
    exit: 2,
    says: /--run-id must be 1 to 64 letters/,
  },
  "a run id that is too long": {
    flags: ["--run-id", "a".repeat(65)],
    code: "usage_error",
    exit: 2,
    says: /--run-id must be 1 to 64 letters/,
  },
  "a variable without a value": {
    flags: ["--env-var", "RECOTEM_RECIPE_PATH"],
    code: "usage_error",
    exit: 2,
    says: /--env-var/,
  },
  "a variable that recipes may not see": {
    flags: ["--env-var", "HOME=/root"],
    code: "usage_error",
    exit: 2,
    says: /HOME/,
  },
  "keys that are missing, before it reads the recipe": {
    recipe: { training: "training: [" },
    env: NO_KEYS,
    code: "signing_key_missing",
    exit: 8,
    says: /RECOTEM_SIGNING_KEYS is not set.*recotem keygen/,
  },
  "keys that are malformed, without repeating them": {
    env: { ...ENV, RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(31)}zz` },
    code: "config_error",
    exit: 8,
    says: /RECOTEM_SIGNING_KEYS entry 1 has a key that is not hex digits$/,
  },
  "a file that is not there": {
    before: ({ path }) => Deno.remove(`${path}/data/loans.csv`),
    code: "datasource_error",
    exit: 3,
    says: /data\/loans\.csv/,
  },
  "a column that is not there": {
    recipe: { schema: "schema: { user_column: reader, item_column: books }" },
    code: "datasource_error",
    exit: 3,
    says: /"books".*reader.*book/,
  },
  "a Parquet file that was cut off": {
    recipe: { source: "source: { type: parquet, path: data/cut.parquet }" },
    async before({ path }) {
      const whole = await Deno.readFile(
        new URL("../train/data/testdata/none_1.parquet", import.meta.url),
      );
      await Deno.writeFile(
        `${path}/data/cut.parquet`,
        whole.subarray(0, whole.length / 2),
      );
    },
    code: "datasource_error",
    exit: 3,
    says: /data\/cut\.parquet/,
  },
  "a CSV row with too many fields": {
    before: (folder) =>
      folder.write("data/loans.csv", `${LOANS}r1,b1,2026-02-01,late\n`),
    code: "datasource_error",
    exit: 3,
    says: /402.*4 fields.*3/,
  },
  "fewer rows than min_rows": {
    recipe: { cleansing: "cleansing: { min_rows: 401 }" },
    code: "min_data_violation",
    exit: 4,
    says: /400 rows, fewer than min_rows 401/,
  },
  "times that are numbers without a unit": {
    before: (folder) =>
      folder.write(
        "data/loans.csv",
        LOANS.replaceAll(/2026-02-(\d\d)/g, "17700000$1"),
      ),
    code: "time_unit_required",
    exit: 4,
    says: /schema\.time_unit/,
  },
  "a split that holds out nothing": {
    recipe: {
      training:
        "training: { algorithms: [TopPop], split: { heldout_ratio: 0.01 } }",
    },
    code: "split_error",
    exit: 4,
    says: /held out nothing/,
  },
  "an output below a file": {
    recipe: { output: "output: { path: data/loans.csv/books.recotem }" },
    code: "artifact_error",
    exit: 5,
    says: /Cannot make the lock file data\/loans\.csv\/books\.recotem\.lock/,
  },
};

for (const [problem, refusal] of Object.entries(REFUSALS)) {
  Deno.test(`recotem train refuses ${problem}: exit ${refusal.exit}, ${refusal.code}`, async () => {
    await using folder = await loansFolder(recipe(refusal.recipe));
    await previousModel(folder);
    await refusal.before?.(folder);
    await assertRefused(folder, refusal);
    await assertUntouched(folder);
  });
}

Deno.test("recotem train tells with an error what it knows of the run by then", async () => {
  await using folder = await loansFolder(
    recipe({ cleansing: "cleansing: { min_users: 99 }" }),
  );
  const error = await assertRefused(folder, {
    flags: ["--run-id=nightly"],
    code: "min_data_violation",
    exit: 4,
    says: /min_users 99/,
  });
  assertEquals([error.name, error.run_id, error.kid], [
    "books",
    "nightly",
    "shop",
  ]);
  assertMatch(String(error.recipe_hash), /^[0-9a-f]{64}$/);
  assertEquals([error.n_rows, error.n_users, error.min_users], [400, 40, 99]);
});

Deno.test("recotem train leaves a usage error to the reader, without an event: exit 2, and 8 for --lock-timeout", async () => {
  await using folder = await loansFolder();
  for (
    const [flag, exit, says] of [
      ["--quite", 2, /^Error: Unknown flag --quite.*--quiet/],
      ["--lock-timeout=-2", 8, /^Error: Flag --lock-timeout must be a number/],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        import.meta.resolve("../../cli/main.ts"),
        "train",
        "books.yaml",
        flag,
      ],
      cwd: folder.path,
    }).output();
    assertEquals(code, exit);
    assertMatch(new TextDecoder().decode(stderr), says);
  }
});

/** Holds the lock of the folder's output while `run` runs. */
async function whileLocked(
  run: (folder: RecipeFolder) => Promise<void>,
): Promise<void> {
  await using folder = await loansFolder();
  await previousModel(folder);
  using lock = await acquireLock(`${folder.path}/models/books.recotem`, {
    timeoutSeconds: 0,
    failOnBusy: true,
    lockDir: "/nowhere",
    events: SILENT,
    signal: new AbortController().signal,
  });
  assert(lock !== null);
  await run(folder);
  await assertUntouched(folder);
}

Deno.test("recotem train skips quietly when another run holds the lock: exit 0", () =>
  whileLocked(async (folder) => {
    const { code, events } = await trainBooks(folder);
    assertEquals(code, 0);
    assertEquals(namesOf(events), [
      "signing_keyring_built",
      "recipe_loaded",
      "recipe_lock_contended_skipping",
    ]);
  }));

Deno.test("recotem train --fail-on-busy refuses a held lock: exit 6, lock_contested", () =>
  whileLocked(async (folder) => {
    await assertRefused(folder, {
      flags: ["--fail-on-busy"],
      code: "lock_contested",
      exit: 6,
      says: /models\/books\.recotem\.lock/,
    });
  }));

Deno.test("recotem train --lock-timeout refuses a lock that stays held: exit 6, lock_timeout", () =>
  whileLocked(async (folder) => {
    await assertRefused(folder, {
      flags: ["--lock-timeout", "0.1"],
      code: "lock_timeout",
      exit: 6,
      says: /after 0\.1 s/,
    });
  }));

Deno.test("recotem train --no-lock takes no notice of the lock", async () => {
  await using folder = await loansFolder();
  await Deno.mkdir(`${folder.path}/models`);
  const { code } = await trainBooks(folder, ["--no-lock"]);
  assertEquals(code, 0);
  const left = await Array.fromAsync(Deno.readDir(`${folder.path}/models`));
  assert(!left.some(({ name }) => name.endsWith(".lock")));
});

Deno.test("recotem train refuses a lock file that is a symbolic link: exit 1, and leaves what it leads to", async () => {
  await using folder = await loansFolder();
  await previousModel(folder);
  await folder.write("precious", "precious");
  await Deno.symlink(
    `${folder.path}/precious`,
    `${folder.path}/models/books.recotem.lock`,
  );
  await assertRefused(folder, {
    code: "internal_error",
    exit: 1,
    says: /books\.recotem\.lock is a symbolic link; remove it/,
  });
  await assertUntouched(folder);
  assertEquals(
    await Deno.readTextFile(`${folder.path}/precious`),
    "precious",
  );
});
