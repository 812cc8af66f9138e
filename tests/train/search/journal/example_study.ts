/**
 * A study with every kind of trial that a search writes, the same bytes each time. Run as a program it prints the journal:
 *
 *     deno run tests/train/search/journal/example_study.ts > tests/train/search/journal/testdata/ours.journal
 *
 * @module
 */
import type { SearchSpace } from "../../../../algorithms/algorithm.ts";
import { openStudyJournal } from "../../../../train/search/journal/open_study_journal.ts";
import type { StudyIdentity } from "../../../../train/search/study_identity.ts";
import type { StudyJournal } from "../../../../train/search/journal/study_journal.ts";
import { MemoryJournalFile } from "./memory_journal_file.ts";

/** Whose study it is. */
export const IDENTITY: StudyIdentity = {
  name: "recotem_shop_1",
  recipe: "shop",
  fingerprint: "5f2b",
  metric: "ndcg@20",
};

/** Search spaces with a common name and every kind of dimension. */
export const SPACES: Readonly<Record<"IALS" | "CosineKNN", SearchSpace>> = {
  IALS: {
    n_components: { type: "int", low: 4, high: 300, log: true },
    reg: { type: "float", low: 1e-4, high: 0.1, log: true },
  },
  CosineKNN: {
    top_k: { type: "int", low: 4, high: 1000 },
    reg: { type: "float", low: 0, high: 1000 },
    feature_weighting: {
      type: "categorical",
      choices: ["NONE", "TF_IDF", "BM 25 ≥ é"],
    },
    normalize: { type: "categorical", choices: [false, true] },
  },
};

/** Opens the study; the clock shows a second more each time. */
export function openExample(
  file: MemoryJournalFile,
  warn: (event: string, fields?: Readonly<Record<string, unknown>>) => void =
    () => {},
): Promise<StudyJournal> {
  let seconds = 0;
  return openStudyJournal(file, IDENTITY, {
    workerId: "run-1",
    now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds++, 567)),
    warn,
  });
}

/** The whole study; its last trial runs. */
export async function exampleJournal(): Promise<MemoryJournalFile> {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const top = await journal.begin({
    algorithm: "TopPop",
    space: {},
    params: {},
  });
  await journal.end(top, { state: "complete", score: 0.0625 });
  const cosine = await journal.begin({
    algorithm: "CosineKNN",
    space: SPACES.CosineKNN,
    params: {
      top_k: 100,
      reg: 12.5,
      feature_weighting: "BM 25 ≥ é",
      normalize: true,
    },
  });
  const params = { n_components: 64, reg: 0.0012345678901234567 };
  const ials = await journal.begin({
    algorithm: "IALS",
    space: SPACES.IALS,
    params,
  });
  await journal.end(cosine, {
    state: "complete",
    score: 0.25,
    attributes: {
      seconds: 1.5,
      "scores": { "ndcg@20": 0.25, worst: -Infinity },
    },
  });
  await journal.end(ials, {
    state: "pruned",
    score: 0.3,
    curve: new Map([[5, 0.1], [10, NaN], [15, 0.3], [20, Infinity]]),
    attributes: { epochs: 15 },
  });
  const failed = await journal.begin({
    algorithm: "IALS",
    space: SPACES.IALS,
    params: { ...params, n_components: 4 },
  });
  await journal.end(failed, {
    state: "failed",
    score: null,
    attributes: { error: 'IALS diverged: "NaN", \\ Infinity' },
  });
  await journal.begin({
    algorithm: "IALS",
    space: SPACES.IALS,
    params: { ...params, n_components: 300 },
  });
  return file;
}

if (import.meta.main) {
  const { text } = await exampleJournal();
  await Deno.stdout.write(new TextEncoder().encode(text));
}
