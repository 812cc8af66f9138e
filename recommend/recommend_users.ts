import type {
  Recommended,
  RecommendOptions,
} from "../core/models/recommend_options.ts";
import type { Recommender } from "../core/models/recommender.ts";
import type { Answer } from "./answer.ts";
import type { AnswerFormat } from "./formats/answer_format.ts";
import type { PartialFile } from "./partial_file.ts";
import type { RankingPool } from "./ranking_pool.ts";
import type { UserBlock } from "./user_blocks.ts";
import type { RankedSlice } from "./worker.ts";

/** What {@linkcode recommendUsers} works with. */
export interface RecommendUsersOptions {
  /** Those that are left: the ones that `file` has been finished for are passed over. */
  readonly users: AsyncIterator<UserBlock>;
  readonly recommender: Recommender;
  readonly pool: RankingPool;
  readonly format: AnswerFormat;
  readonly file: PartialFile;
  /** What users whom the model does not know are answered; null: they are only counted. */
  readonly popular: RecommendOptions | null;
  /** Called after each block that is finished. */
  onBlock(): void;
}

/** A block whose users are being ranked. */
interface Ranking {
  readonly block: UserBlock;
  readonly slices: Promise<RankedSlice[]>;
}

/**
 * Ranks users block by block and writes their answers in order; while one block is written the next one is ranked. Takes
 * memory for two blocks, however many users there are.
 */
export async function recommendUsers(
  options: RecommendUsersOptions,
): Promise<void> {
  const { users, recommender, pool, format, file } = options;
  const popular = options.popular && recommender.popular(options.popular);
  async function next(): Promise<Ranking | null> {
    const { value, done } = await users.next();
    if (done) return null;
    const slices = pool.rank(Uint32Array.from(value.indices.filter(isKnown)));
    // It is waited for later; until then a failure is nobody's.
    slices.catch(() => {});
    return { block: value, slices };
  }

  if (file.progress.bytes === 0) {
    await file.append(format.head(), { ...file.progress, note: null });
  }
  let current = await next();
  while (current) {
    const { block, slices } = current;
    const lists = listsOf(await slices);
    current = await next();
    const answers = answersOf(block, lists, popular);
    const { bytes, rows, note } = format.block(answers, file.progress.bytes);
    const { progress } = file;
    await file.append(bytes, {
      users: progress.users + block.ids.length,
      unknown: progress.unknown +
        block.indices.reduce((sum, index) => sum + Number(!isKnown(index)), 0),
      rows: progress.rows + rows,
      note,
    });
    options.onBlock();
  }
  await file.finish(format.tail(file.notes));
}

function isKnown(index: number): boolean {
  return index >= 0;
}

function answersOf(
  { ids, indices }: UserBlock,
  lists: Iterator<Pick<Recommended, "items" | "scores">>,
  popular: Recommended | null,
): Answer[] {
  return ids.flatMap((user, n): Answer[] => {
    const known = isKnown(indices[n]!);
    const list = known ? lists.next().value! : popular;
    return list === null ? [] : [{
      user,
      items: list.items,
      scores: list.scores,
      fallback: !known,
    }];
  });
}

/** The lists of slices, user by user. */
function* listsOf(
  slices: readonly RankedSlice[],
): Generator<Pick<Recommended, "items" | "scores">, null> {
  for (const { counts, items, scores } of slices) {
    let start = 0;
    for (const count of counts) {
      const end = start + count;
      yield {
        items: items.subarray(start, end),
        scores: scores.subarray(start, end),
      };
      start = end;
    }
  }
  return null;
}
