import { RecotemError } from "../core/errors.ts";
import { dirname } from "../core/std/path.ts";
import { flush } from "../core/storage/flush.ts";
import { type Progress, readJournal } from "./_journal.ts";

const OPEN = { read: true, write: true, create: true } as const;
const NOTHING: Progress = { users: 0, unknown: 0, rows: 0, bytes: 0 };

/** The files that make `path`: itself, its beginning while it grows, and the journal of that. */
export function partialPaths(
  path: string,
): { readonly partial: string; readonly journal: string } {
  return { partial: `${path}.partial`, journal: `${path}.partial.journal` };
}

/**
 * A file that appears under its name when it is complete, and whose making can be interrupted at any moment.
 *
 * Blocks are appended to `<path>.partial`, which is flushed before a line on the block goes to `<path>.partial.journal`:
 * so what the journal tells is there, after a power cut too. Who goes on cuts off what the journal does not tell, and
 * starts over when it tells of other work. At the end the file is renamed. A lock keeps a second process away; it ends
 * with the process.
 */
export class PartialFile implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #journal: Deno.FsFile;
  readonly #notes: unknown[];
  #progress: Progress;
  #finished = false;

  private constructor(
    path: string,
    file: Deno.FsFile,
    journal: Deno.FsFile,
    { notes, progress }: { notes: unknown[]; progress: Progress },
  ) {
    this.#path = path;
    this.#file = file;
    this.#journal = journal;
    this.#notes = notes;
    this.#progress = progress;
  }

  /**
   * Opens what there is of a file, or begins it. Its folder must exist.
   *
   * Needs read and write permission for the files of {@linkcode partialPaths}, write permission for `path`, and read
   * permission for its folder.
   *
   * @param work What decides about every byte of the file, as a JSON value.
   * @throws {RecotemError} `lock_contested` when another process makes it; `usage_error` when it cannot be written to.
   */
  static async open(path: string, work: unknown): Promise<PartialFile> {
    const names = partialPaths(path);
    try {
      await refuseFolder(path);
      const file = await Deno.open(names.partial, OPEN);
      try {
        await takeLock(file, names.partial);
        const journal = await Deno.open(names.journal, OPEN);
        try {
          const state = await resume(file, journal, JSON.stringify(work));
          return new PartialFile(path, file, journal, state);
        } catch (error) {
          journal.close();
          throw error;
        }
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      throw unwritable(path, error, "usage_error");
    }
  }

  /** What is finished. */
  get progress(): Progress {
    return this.#progress;
  }

  /** The notes on the blocks, in order. */
  get notes(): readonly unknown[] {
    return this.#notes;
  }

  /** Appends a block; when it returns, the block is not lost any more. */
  async append(
    bytes: Uint8Array,
    { note, ...totals }: Omit<Progress, "bytes"> & { readonly note: unknown },
  ): Promise<void> {
    try {
      await writeAll(this.#file, bytes);
      await flush(this.#file);
      const progress = {
        ...totals,
        bytes: this.#progress.bytes + bytes.length,
      };
      const line = JSON.stringify({ ...progress, note }) + "\n";
      await writeAll(this.#journal, new TextEncoder().encode(line));
      this.#progress = progress;
      this.#notes.push(note);
    } catch (error) {
      throw unwritable(this.#path, error, "internal_error");
    }
  }

  /** Appends the end of the file and puts it under its name, in the place of what is there. */
  async finish(tail: Uint8Array): Promise<void> {
    const { partial, journal } = partialPaths(this.#path);
    try {
      await writeAll(this.#file, tail);
      await flush(this.#file);
      await Deno.rename(partial, this.#path);
      this.#finished = true;
      const bytes = this.#progress.bytes + tail.length;
      this.#progress = { ...this.#progress, bytes };
      using folder = await Deno.open(dirname(this.#path));
      await flush(folder);
      await Deno.remove(journal);
    } catch (error) {
      throw unwritable(this.#path, error, "internal_error");
    }
  }

  /** Closes the files. What is finished stays; when that is nothing, nothing does. */
  [Symbol.dispose](): void {
    this.#file.close();
    this.#journal.close();
    if (this.#finished || this.#progress.users > 0) return;
    for (const path of Object.values(partialPaths(this.#path))) {
      try {
        Deno.removeSync(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
}

/** Finds where the work stands and puts both files there. */
async function resume(
  file: Deno.FsFile,
  journal: Deno.FsFile,
  identity: string,
): Promise<{ notes: unknown[]; progress: Progress }> {
  const { size } = await file.stat();
  const told = readJournal(await readAll(journal), identity, size);
  const last = told?.entries.at(-1);
  if (told && last) {
    await journal.truncate(told.length);
    await file.truncate(last.bytes);
    await journal.seek(0, Deno.SeekMode.End);
    await file.seek(0, Deno.SeekMode.End);
    const { note: _, ...progress } = last;
    return { notes: told.entries.map(({ note }) => note), progress };
  }
  // The journal first: it must never tell of bytes that are gone.
  await journal.truncate(0);
  await file.truncate(0);
  await journal.seek(0, Deno.SeekMode.Start);
  await file.seek(0, Deno.SeekMode.Start);
  await writeAll(journal, new TextEncoder().encode(identity + "\n"));
  return { notes: [], progress: NOTHING };
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  const bytes = new Uint8Array((await file.stat()).size);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
}

async function takeLock(file: Deno.FsFile, path: string): Promise<void> {
  const locked = await file.tryLock(true);
  // A process that has just finished holds a file of another name.
  const named = await Deno.lstat(path).catch(() => null);
  if (locked && (await file.stat()).ino === named?.ino) return;
  throw new RecotemError(
    "lock_contested",
    `Another process is writing ${path}: wait for it, or choose another name for --out`,
  );
}

/** The rename at the end would fail, after all the work. */
async function refuseFolder(path: string): Promise<void> {
  const info = await Deno.stat(path).catch(() => null);
  if (info?.isDirectory) throw new Deno.errors.IsADirectory("it is a folder");
}

function unwritable(
  path: string,
  error: unknown,
  code: "usage_error" | "internal_error",
): unknown {
  if (error instanceof RecotemError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new RecotemError(code, `Cannot write ${path}: ${problem}`, {
    cause: error,
  });
}
