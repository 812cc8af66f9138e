import type { LeaderboardRow } from "../../train/leaderboard.ts";

/** One event, as training writes it. */
export type TrainEvent = Readonly<Record<string, unknown>> & {
  readonly event: string;
};

/** Where the view writes: a terminal may be written over, a file may not. */
export interface Screen {
  readonly terminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

const BAR = 20;

/** Shows a training run while it runs: its steps, a bar for the trials, the leaderboard. */
export class TrainView {
  readonly #screen: Screen;
  #trials = 0;
  #done = 0;
  #best = { score: -1, algorithm: "" };

  /** Shows the run on `screen`. */
  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Takes note of one event. */
  show(event: TrainEvent): void {
    switch (event.event) {
      case "data_cleansed":
        return this.#line(
          `Data      ${count(event.n_rows)} purchases of ${
            count(event.n_items)
          } items by ${count(event.n_users)} customers`,
        );
      case "search_started":
        this.#trials = Number(event.n_trials);
        return this.#line(
          `Search    ${event.n_trials} trials of ${
            (event.algorithms as string[]).join(", ")
          }`,
        );
      case "trial_done":
        return this.#trial(event);
      case "search_done":
        return this.#leaderboard(event.leaderboard as LeaderboardRow[]);
      case "artifact_written":
        return this.#line(
          `Artifact  ${event.artifact} (${
            (Number(event.bytes) / 1e6).toFixed(1)
          } MB, signed with key ${event.kid})`,
        );
      case "train_error":
        return this.#line(String(event.error));
    }
  }

  #trial({ score, algorithm }: TrainEvent): void {
    this.#done++;
    if (typeof score === "number" && score > this.#best.score) {
      this.#best = { score, algorithm: String(algorithm) };
    }
    const { terminal, columns } = this.#screen;
    if (!terminal && this.#done % 10 !== 0 && this.#done !== this.#trials) {
      return;
    }
    const full = Math.round(BAR * this.#done / this.#trials);
    const text = `          ${"█".repeat(full)}${"░".repeat(BAR - full)} ` +
      `${this.#done}/${this.#trials}  best ${this.#best.algorithm} ${
        this.#best.score.toFixed(4)
      }`;
    if (terminal) this.#screen.write(`\r\x1b[2K${text.slice(0, columns - 1)}`);
    else this.#line(text);
  }

  #leaderboard(rows: readonly LeaderboardRow[]): void {
    if (this.#screen.terminal) this.#screen.write("\r\x1b[2K");
    this.#line("");
    this.#line("          algorithm   NDCG@20  trials  seconds");
    for (const { algorithm, score, trials, seconds } of rows) {
      this.#line(
        `          ${algorithm.padEnd(10)}  ${
          score === null ? "     –" : score.toFixed(5)
        }  ${String(trials).padStart(6)}  ${seconds.toFixed(1).padStart(7)}`,
      );
    }
    this.#line("");
  }

  #line(text: string): void {
    this.#screen.write(`${text}\n`);
  }
}

function count(value: unknown): string {
  return Number(value).toLocaleString("en");
}
