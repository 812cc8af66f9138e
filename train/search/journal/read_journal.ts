import { JournalReplay } from "./journal_replay.ts";
import { parseEntry } from "./parse_entry.ts";

/** What a journal file holds. */
export interface ReadJournal {
  readonly replay: JournalReplay;
  /** Bytes up to the end of the last whole line; what follows was cut while it was written. */
  readonly length: number;
}

/** How every writer's lines begin. */
const BEGINNING = '{"op_code":';

/**
 * Reads the bytes of a journal. A last line without its end is passed over if it looks like the beginning of one.
 *
 * @throws {SyntaxError} If it is not a journal, with the line that is wrong.
 */
export function readJournal(bytes: Uint8Array): ReadJournal {
  const length = bytes.lastIndexOf("\n".charCodeAt(0)) + 1;
  const lines = decodeLines(bytes.subarray(0, length));
  const replay = new JournalReplay();
  for (const [n, line] of lines.entries()) {
    try {
      replay.apply(parseEntry(line));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new SyntaxError(`line ${n + 1}: ${error.message}`);
    }
  }
  const rest = new TextDecoder().decode(bytes.subarray(length));
  const begins = rest.length < BEGINNING.length
    ? BEGINNING.startsWith(rest)
    : rest.startsWith(BEGINNING);
  if (!begins) {
    throw new SyntaxError(
      `line ${lines.length + 1}: does not begin with ${BEGINNING}`,
    );
  }
  return { replay, length };
}

function decodeLines(bytes: Uint8Array): string[] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.split("\n").slice(0, -1);
  } catch {
    throw new SyntaxError("it is not UTF-8 text");
  }
}
