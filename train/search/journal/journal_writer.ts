import type { Entry } from "./entry.ts";
import type { JournalFile } from "./journal_file.ts";
import type { JournalReplay } from "./journal_replay.ts";
import { formatPythonJson } from "./python_json.ts";

/** Adds entries to a journal file and then to its replay, one call after another. */
export class JournalWriter {
  readonly #file: JournalFile;
  readonly #replay: JournalReplay;
  readonly #workerId: string;
  /** All later writes wait for the last one and fail with it: after a line that was cut no other may follow. */
  #last: Promise<void> = Promise.resolve();

  /**
   * @param replay What the file holds.
   * @param workerId Name of the writer in each line.
   */
  constructor(file: JournalFile, replay: JournalReplay, workerId: string) {
    this.#file = file;
    this.#replay = replay;
    this.#workerId = workerId;
  }

  /** Writes the entries that `make` gives when their turn has come; they are on the medium when it returns. */
  write(make: (replay: JournalReplay) => readonly Entry[]): Promise<void> {
    this.#last = this.#last.then(async () => {
      const entries = make(this.#replay);
      const lines = entries.map(({ op_code, ...fields }) =>
        formatPythonJson({ op_code, worker_id: this.#workerId, ...fields }) +
        "\n"
      );
      await this.#file.append(new TextEncoder().encode(lines.join("")));
      for (const entry of entries) this.#replay.apply(entry);
    });
    return this.#last;
  }
}
