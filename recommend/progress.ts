import type { Events } from "../core/config/events.ts";

/** Between two events that tell how far the work is. */
const EVENT_MILLISECONDS = 5000;
/** Between two looks of a line on a terminal. */
const LINE_MILLISECONDS = 100;

/** How far answering users is. */
export interface ProgressOptions {
  /** Number of all users; null when only reading them tells. */
  readonly total: number | null;
  /** Those who had been answered before. */
  readonly start: number;
  readonly events: Events;
  /** Writes to a terminal; null where there is none. */
  readonly terminal: ((text: string) => void) | null;
  /** Milliseconds from any moment on. */
  now(): number;
}

/** Tells how far answering is: on a terminal by a line that is written over, elsewhere by the event `recommend_progress`. */
export class ProgressTeller {
  readonly #options: ProgressOptions;
  readonly #started: number;
  #told: number;

  /** Starts the clock. */
  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#started = this.#told = options.now();
  }

  /** Tells of users who have been answered, unless it has just told of others. */
  tell(users: number): void {
    const { total, start, events, terminal, now } = this.#options;
    const time = now();
    const pause = terminal ? LINE_MILLISECONDS : EVENT_MILLISECONDS;
    if (time - this.#told < pause) return;
    this.#told = time;
    const perSecond = Math.round(
      1000 * (users - start) / (time - this.#started),
    );
    if (terminal) {
      const of = total === null
        ? ""
        : ` of ${count(total)}, ${Math.floor(100 * users / total)} %`;
      terminal(
        `\r\x1b[K${count(users)} users${of}, ${count(perSecond)} a second`,
      );
      return;
    }
    events.info("recommend_progress", {
      users,
      ...(total !== null && { total }),
      users_per_second: perSecond,
    });
  }

  /** Takes the line away. */
  end(): void {
    this.#options.terminal?.("\r\x1b[K");
  }
}

function count(n: number): string {
  return n.toLocaleString("en");
}
