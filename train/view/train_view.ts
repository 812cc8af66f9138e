import { escapeControls } from "../../core/config/escape_controls.ts";
import type { EventView, ShownEvent } from "../../core/config/event_view.ts";
import type { EventFields } from "../../core/config/events.ts";
import { formatConsole } from "../../core/config/format_console.ts";
import type { LeaderboardRow } from "../leaderboard.ts";
import { duration } from "./duration.ts";
import { leaderboardText } from "./leaderboard_text.ts";
import { type Line, LiveBlock } from "./live_block.ts";
import type { Screen } from "./screen.ts";
import { searchLines } from "./search_lines.ts";
import { SearchProgress } from "./search_progress.ts";

/** Told in other words, or of no use to a person who looks on. All other events are shown as they are. */
const COVERED: ReadonlySet<string> = new Set([
  "signing_keyring_built",
  "recipe_loaded",
  "fetching_data",
  "data_fetched",
  "metadata_loaded",
  "split_done",
  "tuning_complete",
  "train_done",
]);

const FETCH = /_fetch_(start|done)$/;

/** What is done after these events, until the next. */
const PHASES: ReadonlyMap<string, string> = new Map([
  ["training_started", "Reading the data"],
  ["splitting_data", "Splitting the data"],
  ["search_done", "Training the best model on all data"],
  ["training_final_model", "Training the best model on all data"],
  ["final_model_trained", "Writing the artifact"],
]);

/**
 * Shows a training run while it runs: what was read, how the search stands, what came of it. Draws what moves only when
 * asked to.
 */
export class TrainView implements EventView {
  readonly #screen: Screen;
  readonly #block: LiveBlock;
  readonly #now: () => number;
  #metric = "score";
  #phase: { readonly name: string; readonly since: number } | null = null;
  /** How far reading has come; part of the phase. */
  #read = "";
  #search: SearchProgress | null = null;

  /**
   * @param screen Where to show it.
   * @param now The time in milliseconds.
   */
  constructor(screen: Screen, now: () => number) {
    this.#screen = screen;
    this.#block = new LiveBlock(screen);
    this.#now = now;
  }

  /** Draws again what moves: times and what has changed since. */
  refresh(): void {
    this.#block.draw(this.#lines());
  }

  /** Takes note of an event. */
  show(event: ShownEvent): void {
    const { fields, level } = event;
    const phase = PHASES.get(event.event);
    if (phase) {
      this.#phase = { name: phase, since: this.#now() };
      this.#read = "";
    }
    switch (event.event) {
      case "training_started":
        return this.#fact("Run", `${fields.name}, ${fields.run_id}`);
      case "rows_read":
        return this.#tellRows(Number(fields.rows));
      case "data_cleansed":
        return this.#fact(
          "Data",
          `${count(fields.n_rows)} interactions of ${
            count(fields.n_users)
          } users with ${count(fields.n_items)} items`,
        );
      case "popularity_scored":
        return this.#fact(
          "Baseline",
          `${score(fields.score)} by popularity alone`,
        );
      case "search_started":
        return this.#begin(fields);
      case "trial_started":
        return this.#search?.start(fields, this.#now());
      case "trial_done":
        return this.#search?.end(fields);
      case "search_interrupted":
      case "search_done":
        return this.#leaderboard(fields.leaderboard as LeaderboardRow[]);
      case "test_scored":
        return this.#fact(
          "Test",
          `${score(fields.test_score)} for users that no trial saw, ${
            score(fields.popularity_score)
          } by popularity alone`,
        );
      case "artifact_written":
        return this.#fact(
          "Artifact",
          `${fields.artifact} (${
            (Number(fields.bytes) / 1e6).toFixed(1)
          } MB, signed with key ${fields.kid})`,
        );
      case "report_written":
        return this.#fact("Report", String(fields.html));
      case "train_interrupted":
        return this.#end(
          `Stopped by ${fields.signal}; nothing was published\n${
            fields.resume ?? ""
          }`,
        );
      case "train_error":
        return this.#end(String(fields.error));
    }
    if (phase || level === "debug") return;
    if (COVERED.has(event.event) || FETCH.test(event.event)) return;
    this.#block.print(formatConsole(event, {
      colour: this.#screen.colour,
      columns: Math.max(40, this.#screen.size().columns),
    }));
  }

  /** Leaves on the screen what stays. */
  close(): void {
    this.#phase = null;
    this.#search = null;
    this.refresh();
  }

  #tellRows(rows: number): void {
    const seconds = (this.#now() - (this.#phase?.since ?? 0)) / 1000;
    this.#read = `, ${count(rows)} rows, ${
      count(Math.round(rows / seconds))
    }/s`;
  }

  #begin(fields: EventFields): void {
    this.#search = new SearchProgress(fields, this.#now());
    this.#metric = this.#search.metric;
    const bytes = Object.values(fields.bytes as Record<string, number>);
    this.#fact(
      "Search",
      `${fields.n_trials} trials of ${
        (fields.algorithms as string[]).join(", ")
      }; ${Math.ceil(Math.max(...bytes) / MIB)} MiB each at most`,
    );
  }

  #leaderboard(rows: readonly LeaderboardRow[]): void {
    this.#search = null;
    this.refresh();
    const { columns } = this.#screen.size();
    this.#block.print(
      `\n${leaderboardText(rows, this.#metric, columns)}\n`,
    );
  }

  #end(text: string): void {
    this.close();
    const lines = text.trimEnd().split("\n").map(escapeControls);
    this.#block.print(lines.join("\n") + "\n");
  }

  #fact(label: string, text: string): void {
    this.#block.print(`${label.padEnd(10)}${escapeControls(text)}\n`);
  }

  #lines(): Line[] {
    const now = this.#now();
    if (this.#search) {
      return searchLines(this.#search, this.#screen.size().columns, now);
    }
    if (!this.#phase) return [];
    const { name, since } = this.#phase;
    return [{
      text: `  ${name}, ${duration((now - since) / 1000)}${this.#read}`,
    }];
  }
}

const MIB = 2 ** 20;

function score(value: unknown): string {
  return Number(value).toFixed(5);
}

function count(value: unknown): string {
  return Number(value).toLocaleString("en");
}
