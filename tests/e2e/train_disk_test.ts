/** Runs whose output cannot be written: by the file system's modes, or because it is full. */
import { assert, assertEquals } from "@std/assert";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  assertRefused,
  assertUntouched,
  loansFolder,
  namesOf,
  previousModel,
  recipe,
  trainBooks,
} from "./train_run.ts";

/** Runs a program; why it failed, or null. */
async function failure(...command: string[]): Promise<string | null> {
  const [program, ...args] = command;
  try {
    const { success, stderr } = await new Deno.Command(program!, { args })
      .output();
    return success ? null : new TextDecoder().decode(stderr).trim();
  } catch (error) {
    return String(error);
  }
}

/** Shows in the results why nothing was tested. */
async function skip(t: Deno.TestContext, reason: string): Promise<void> {
  await t.step({ name: reason, ignore: true, fn() {} });
}

/** Runs where a file's mode binds the process: root is freed of it by a capability, which the run is started without. */
function underModes(
  name: string,
  run: (folder: RecipeFolder, through: readonly string[]) => Promise<void>,
): void {
  Deno.test(name, async (t) => {
    const through = Deno.uid() === 0
      ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
      : [];
    const reason = through.length > 0 && await failure(...through, "true");
    if (reason) return await skip(t, `cannot drop capabilities: ${reason}`);
    await using folder = await loansFolder();
    await previousModel(folder);
    await run(folder, through);
  });
}

underModes(
  "recotem train refuses a storage that it may not write to: exit 4, search_error",
  async (folder, through) => {
    for (const storage of ["trials.journal", "trials.db"]) {
      await folder.write(storage, "");
      await Deno.chmod(`${folder.path}/${storage}`, 0o444);
      await folder.write(
        "books.yaml",
        recipe({
          training:
            `training: { algorithms: [TopPop], n_trials: 1, storage_path: ${storage} }`,
        }),
      );
      await assertRefused(folder, {
        through,
        code: "search_error",
        exit: 4,
        says: new RegExp(`Cannot keep trials in ${storage}: PermissionDenied`),
      });
    }
    await assertUntouched(folder);
  },
);

underModes(
  "recotem train refuses a folder that it may not write to: exit 5, artifact_error",
  async (folder, through) => {
    const models = `${folder.path}/models`;
    await Deno.chmod(models, 0o555);
    for (
      const [flags, says] of [
        [[], /Cannot make the lock file models\/books\.recotem\.lock/],
        [["--no-lock"], /Cannot write models\/books\.[0-9a-f]{8}\.recotem/],
      ] as const
    ) {
      await assertRefused(folder, {
        through,
        flags,
        code: "artifact_error",
        exit: 5,
        says,
      });
    }
    await Deno.chmod(models, 0o755);
    await assertUntouched(folder);
  },
);

underModes(
  "recotem train takes a lock file that it may not open for one that is held: exit 0",
  async (folder, through) => {
    await folder.write("models/books.recotem.lock", "");
    await Deno.chmod(`${folder.path}/models/books.recotem.lock`, 0o000);
    const { code, events } = await trainBooks(folder, [], { through });
    assertEquals(code, 0);
    assertEquals(namesOf(events).at(-1), "recipe_lock_contended_skipping");
    await assertUntouched(folder);
  },
);

/** Runs with the output folder in a small file system of its own. */
function onSmallDisk(
  name: string,
  options: string,
  run: (folder: RecipeFolder) => Promise<void>,
): void {
  Deno.test(name, async (t) => {
    await using folder = await loansFolder();
    const models = `${folder.path}/models`;
    await Deno.mkdir(models);
    const reason = await failure(
      ...["mount", "-t", "tmpfs", "-o", options, "tmpfs", models],
    );
    if (reason !== null) return await skip(t, `cannot mount: ${reason}`);
    try {
      await previousModel(folder);
      await run(folder);
    } finally {
      await failure("umount", models);
    }
  });
}

onSmallDisk(
  "recotem train leaves the previous model whole when the disk is full: exit 1, internal_error",
  "size=16k",
  async (folder) => {
    const rest = new Uint8Array(4096);
    await Deno.writeFile(`${folder.path}/models/filler`, rest);
    await assertRefused(folder, {
      code: "internal_error",
      exit: 1,
      says: /Cannot write models\/books\.[0-9a-f]{8}\.recotem: No space left/,
    });
    await assertUntouched(folder, ["filler"]);
  },
);

onSmallDisk(
  "recotem train leaves the pointer on the previous model when the disk is full after the new one: exit 1",
  // The folder, the previous model, its pointer, the lock and the new model: none is left for a new pointer.
  "nr_inodes=5",
  async (folder) => {
    const error = await assertRefused(folder, {
      code: "internal_error",
      exit: 1,
      says: /Cannot write models\/books\.recotem: No space left/,
    });
    const names = (await Array.fromAsync(Deno.readDir(`${folder.path}/models`)))
      .map(({ name }) => name);
    const added = names.filter((name) =>
      /^books\.[0-9a-f]{8}\.recotem$/.test(name) &&
      name !== "books.00000000.recotem"
    );
    assertEquals(added.length, 1, String(error.error));
    assert(!names.some((name) => name.endsWith(".tmp")));
    await assertUntouched(folder, added);
  },
);
