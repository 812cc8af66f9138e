import type { Artifact } from "../../artifact/artifact.ts";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import type { NamedTensors } from "../../core/models/model.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { millionItems } from "./million_items.ts";

/** Signs all artifacts. */
export const SIGNING_KEYS: string = `bench:${"5a".repeat(32)}`;
const KEYS = KeyRing.parse(SIGNING_KEYS);
const CAPS = { maxArtifactBytes: 2 ** 31, maxPayloadBytes: 2 ** 31 };

/** A model that serving is measured with. */
export interface BenchModel {
  readonly name: string;
  /** How `recotem train` makes it; null for one of random numbers. */
  readonly trained:
    | { readonly recipe: string; readonly algorithm: string; trials: number }
    | null;
}

/** The best model of each data set, one of factors of each, and one of a million items. */
export const MODELS: readonly BenchModel[] = [
  trained("retail", "SparseEASE", 20),
  trained("retail", "IALS", 12),
  trained("gowalla", "BSPM", 1),
  trained("gowalla", "SparseEASE", 3),
  trained("gowalla", "IALS", 3),
  { name: "million items, 128 factors", trained: null },
];

function trained(
  recipe: string,
  algorithm: string,
  trials: number,
): BenchModel {
  return {
    name: `${recipe}, ${algorithm}`,
    trained: { recipe, algorithm, trials },
  };
}

/** Writes a model's artifact and its users' ids, `model.recotem` and `users`; returns the artifact's size in MB. */
export async function makeModel(
  { trained }: BenchModel,
  folder: string,
  gowalla: string | null,
): Promise<number> {
  if (trained) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      // deno-fmt-ignore
      args: ["run", "-A", "cli/main.ts", "train", `bench/serve/${trained.recipe}.yaml`, "--no-lock"],
      env: {
        RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
        RECOTEM_RECIPE_ALGORITHM: trained.algorithm,
        RECOTEM_RECIPE_TRIALS: String(trained.trials),
        RECOTEM_RECIPE_FOLDER: folder,
        RECOTEM_RECIPE_GOWALLA: gowalla ?? "",
      },
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  } else {
    const { header, tensors } = millionItems();
    await publish(folder, header, tensors);
  }
  const { header, tensors } = await read(folder);
  const { users } = Recommender.load(header.model_kind, tensors);
  const ids = Array.from({ length: users.size }, (_, user) => users.id(user));
  await Deno.writeTextFile(`${folder}/users`, ids.join("\n") + "\n");
  const file = (await Deno.readTextFile(`${folder}/model.recotem`)).trim();
  return (await Deno.stat(`${folder}/${file}`)).size / 1e6;
}

/** Publishes the same model as a later one. */
export async function publishAgain(folder: string): Promise<void> {
  const { header, tensors } = await read(folder);
  const sequence = (header.sequence ?? 0) + 1;
  await publish(folder, { ...header, sequence }, tensors);
}

function read(folder: string): Promise<Artifact> {
  return readArtifact(createStore(), `${folder}/model.recotem`, {
    keys: KEYS,
    ...CAPS,
  });
}

async function publish(
  folder: string,
  header: HeaderFields,
  tensors: NamedTensors,
): Promise<void> {
  await publishArtifact(
    createStore(),
    { path: `${folder}/model.recotem`, versioning: "append_sha" },
    encodeArtifact(header, tensors, KEYS),
    CAPS,
  );
}
