import { createStore } from "../../core/storage/create_store.ts";
import { createFormat } from "../../recommend/formats/create_format.ts";
import { openModel } from "../../recommend/open_model.ts";
import { PartialFile } from "../../recommend/partial_file.ts";
import { RankingPool } from "../../recommend/ranking_pool.ts";
import { recommendUsers } from "../../recommend/recommend_users.ts";
import { userBlocks, type UserFile } from "../../recommend/user_blocks.ts";
import type { WantedLists } from "../../recommend/wanted_lists.ts";
import { CAPS, KEYS } from "../artifact/fixture.ts";

/**
 * Answers in bulk as JSON lines, with all fields.
 *
 * @param folder Where the file is written, over what is there.
 * @param file Who is answered; null: all users of the artifact.
 */
export async function inBulk(
  artifact: string,
  folder: string,
  { options, popular }: WantedLists,
  file: UserFile | null = null,
): Promise<string[]> {
  const out = `${folder}/answers.jsonl`;
  const store = createStore();
  const { recommender, shared } = await openModel(store, artifact, {
    keys: KEYS,
    ...CAPS,
    maxArtifactBytes: 2 ** 28,
    maxPayloadBytes: 2 ** 28,
  });
  using pool = await RankingPool.start(shared, options, 2);
  using partial = await PartialFile.open(out, null);
  const { users: known, items, table } = recommender;
  await recommendUsers({
    users: userBlocks(file, { store, known, skip: 0, size: 1000 }),
    ...{ recommender, pool, file: partial },
    popular: popular ? options : null,
    format: createFormat("jsonl", {
      ...{ items, table, fields: table!.fields, tellsFallback: popular },
    }),
    onBlock() {},
  });
  return (await Deno.readTextFile(out)).trimEnd().split("\n");
}
