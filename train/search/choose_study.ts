/** What the choice of the next trial's algorithm rests on. */
export interface StudyState {
  /** Trials so far, running ones included. */
  readonly asked: number;
  /** Scores of the trials that are known, in their order. */
  readonly scores: readonly number[];
  /** Whether its sampler has nothing more that is worth a trial. */
  readonly exhausted: boolean;
  /** Trials that the recipe gives to this algorithm; null leaves it to the search. */
  readonly budget: number | null;
}

/** Trials that each algorithm gets before they are compared. */
const FIRST_TRIALS = 8;

/**
 * Which study the next trial belongs to, or null when there is none. Studies take turns while they have fewer trials
 * than the recipe gives them, or, where it gives none, until each has shown what it can do; then the better half of them
 * shares what is left, in the end the best one alone. A study counts by its best score and by how much that rose over
 * the later half of its trials; where that would not reach what an exhausted study has, it gets no more.
 *
 * Jamieson, Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, AISTATS 2016.
 *
 * @param total Trials of all studies together.
 */
export function chooseStudy(
  studies: readonly StudyState[],
  total: number,
): number | null {
  const asked = studies.reduce((sum, study) => sum + study.asked, 0);
  if (asked >= total) return null;
  const open = [...studies.keys()].filter((n) => !studies[n]!.exhausted);
  const first = Math.min(FIRST_TRIALS, Math.floor(total / studies.length));
  const due = open.filter((n) => {
    const { asked, budget } = studies[n]!;
    return asked < (budget ?? Math.max(1, first));
  });
  if (due.length > 0) return leastAsked(due, studies);
  const reached = Math.max(
    ...studies.filter(({ exhausted }) => exhausted)
      .flatMap(({ scores }) => scores),
  );
  const free = open.filter((n) => {
    const { budget, scores } = studies[n]!;
    return budget === null &&
      (scores.length === 0 || promise(scores) > reached);
  });
  if (free.length === 0) return null;
  const early = studies.reduce(
    (sum, { asked }) => sum + Math.min(asked, first),
    0,
  );
  const later = total - early;
  const done = asked - early;
  const stages = Math.max(1, Math.ceil(Math.log2(studies.length)));
  const stage = Math.min(stages, 1 + Math.floor(stages * done / later));
  const kept = Math.max(1, Math.ceil(studies.length / 2 ** stage));
  const best = free.toSorted((a, b) =>
    promise(studies[b]!.scores) - promise(studies[a]!.scores) || a - b
  ).slice(0, kept);
  return leastAsked(best, studies);
}

function leastAsked(
  candidates: readonly number[],
  studies: readonly StudyState[],
): number {
  return candidates.reduce((least, n) =>
    studies[n]!.asked < studies[least]!.asked ? n : least
  );
}

/** The best score, and as much again as it rose in the later half of the trials. */
function promise(scores: readonly number[]): number {
  if (scores.length === 0) return -Infinity;
  const best = Math.max(...scores);
  const earlier = scores.slice(0, Math.ceil(scores.length / 2));
  return best + (best - Math.max(...earlier));
}
