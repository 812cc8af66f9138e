/** What is finished of a file; totals from its start. */
export interface Progress {
  /** Users who have been taken from the list of users. */
  readonly users: number;
  /** Those whom the model does not know. */
  readonly unknown: number;
  /** Items that were recommended. */
  readonly rows: number;
  /** Length of the file. */
  readonly bytes: number;
}

/** One line of a journal: what is finished, and the note on the block that finished it. */
export type JournalEntry = Progress & { readonly note: unknown };

/** What a journal says. */
export interface JournalText {
  /** The entries that count, in order. */
  readonly entries: readonly JournalEntry[];
  /** Bytes of the journal up to their end; what follows is to be cut off. */
  readonly length: number;
}

/**
 * Reads a journal: a line that names the work, then one for each finished block. A line that a kill or a power cut broke
 * ends it, and so does one that speaks of bytes which the file does not have.
 *
 * @param identity The line that names the work now at hand.
 * @param fileBytes Length of the file that it speaks of.
 * @returns Null when it is the journal of other work, or none.
 */
export function readJournal(
  bytes: Uint8Array,
  identity: string,
  fileBytes: number,
): JournalText | null {
  const entries: JournalEntry[] = [];
  const decoder = new TextDecoder();
  let start = 0;
  for (
    let end = bytes.indexOf(10);
    end >= 0;
    start = end + 1, end = bytes.indexOf(10, start)
  ) {
    const line = decoder.decode(bytes.subarray(start, end));
    if (start === 0) {
      if (line !== identity) return null;
      continue;
    }
    const entry = parseEntry(line);
    if (entry === null || entry.bytes > fileBytes) break;
    entries.push(entry);
  }
  return start === 0 ? null : { entries, length: start };
}

function parseEntry(line: string): JournalEntry | null {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch {
    return null;
  }
}
