import type { JournalFile } from "../../../../train/search/journal/journal_file.ts";

/** A journal file in memory. */
export class MemoryJournalFile implements JournalFile {
  readonly path = "study.journal";
  /** How many more bytes there is room for. */
  room: number = Infinity;
  /** How often something was added. */
  appended: number = 0;
  #bytes: Uint8Array;

  constructor(text = "") {
    this.#bytes = new TextEncoder().encode(text);
  }

  /** All of it. */
  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }

  /** Its lines as values, without the writer's name; NaN and the like are null. */
  get lines(): Record<string, unknown>[] {
    return this.text.trimEnd().split("\n").map((line) => {
      const { worker_id: _, ...fields } = JSON.parse(
        line.replace(/-?\b(NaN|Infinity)\b/g, "null"),
      );
      return fields;
    });
  }

  read(): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes);
  }

  append(bytes: Uint8Array): Promise<void> {
    this.appended++;
    const written = bytes.subarray(0, this.room);
    this.room -= written.length;
    this.#bytes = Uint8Array.of(...this.#bytes, ...written);
    return written.length === bytes.length
      ? Promise.resolve()
      : Promise.reject(new Error("No space left on device"));
  }

  truncate(length: number): Promise<void> {
    this.#bytes = this.#bytes.slice(0, length);
    return Promise.resolve();
  }
}
