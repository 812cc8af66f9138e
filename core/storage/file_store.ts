import { contested } from "./_contested.ts";
import { filePath } from "./_file_path.ts";
import { join } from "../std/path.ts";
import { requireRange } from "./_require_range.ts";
import { writeAtomically } from "./_write_atomically.ts";
import type {
  ReadOptions,
  Store,
  StoredEntry,
  Version,
  WriteOptions,
} from "./store.ts";

const CHUNK_BYTES = 2 ** 18;

/**
 * Files of this machine, by bare path or `file:` URI. Relative paths belong to the working directory.
 *
 * Needs read permission for what is read, and read and write permission for the folders that are written to.
 */
export class FileStore implements Store {
  readonly schemes: readonly string[] = ["", "file"];

  async read(
    uri: string,
    { start = 0, end = Infinity, signal }: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    requireRange(start, end);
    signal?.throwIfAborted();
    const file = await Deno.open(filePath(uri, "read"));
    try {
      await file.seek(start, Deno.SeekMode.Start);
    } catch (error) {
      file.close();
      throw error;
    }
    return streamFile(file, end - start, signal);
  }

  async write(
    uri: string,
    parts: readonly Uint8Array[],
    options: WriteOptions = {},
  ): Promise<Version> {
    const { ifVersion } = options;
    const requireVersion = async () => {
      const version = await this.stat(uri);
      if (version?.marker !== ifVersion?.marker) throw contested(uri);
    };
    return versionOf(
      await writeAtomically(
        filePath(uri, "write"),
        parts,
        options,
        ifVersion === undefined ? null : requireVersion,
      ),
    );
  }

  async stat(uri: string, signal?: AbortSignal): Promise<Version | null> {
    signal?.throwIfAborted();
    try {
      const info = await Deno.stat(filePath(uri, "read"));
      if (info.isDirectory) throw new Deno.errors.IsADirectory("Is a folder");
      return versionOf(info);
    } catch (error) {
      if (
        error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory
      ) return null;
      throw error;
    }
  }

  async *list(
    prefix: string,
    signal?: AbortSignal,
  ): AsyncIterable<StoredEntry> {
    signal?.throwIfAborted();
    const folder = filePath(prefix, "read");
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      signal?.throwIfAborted();
      const info = isDirectory ? null : await infoOf(join(folder, name));
      if (info) {
        yield { name, size: info.size, modified: info.mtime ?? new Date(0) };
      }
    }
  }

  async remove(uri: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const path = filePath(uri, "write");
    try {
      if ((await Deno.lstat(path)).isDirectory) {
        throw new Deno.errors.IsADirectory("Is a folder");
      }
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** How many bytes reading gives, and when a link itself was made; null when it was removed since the folder was read. */
async function infoOf(
  path: string,
): Promise<Pick<Deno.FileInfo, "size" | "mtime"> | null> {
  try {
    const info = await Deno.lstat(path);
    return info.isSymlink
      ? { mtime: info.mtime, size: await sizeBehind(path) ?? info.size }
      : info;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Null for a link that leads to no file, or to one that this process may not see: who reads it will be told. */
async function sizeBehind(link: string): Promise<number | null> {
  try {
    const { isFile, size } = await Deno.stat(link);
    return isFile ? size : null;
  } catch {
    return null;
  }
}

/** A byte stream, so that a reader may bring its own buffer. */
function streamFile(
  file: Deno.FsFile,
  length: number,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let remaining = length;
  return new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: CHUNK_BYTES,
    async pull(controller) {
      const request = controller.byobRequest!;
      const view = request.view as Uint8Array;
      let count: number | null;
      try {
        signal?.throwIfAborted();
        count = remaining === 0 ? null : await file.read(
          view.subarray(0, Math.min(view.length, remaining)),
        );
      } catch (error) {
        file.close();
        throw error;
      }
      if (count === null) {
        file.close();
        controller.close();
      } else {
        remaining -= count;
      }
      request.respond(count ?? 0);
    },
    cancel() {
      file.close();
    },
  });
}

/** The inode tells a file that was renamed into place from its forerunner of the same size and millisecond. */
function versionOf({ mtime, size, ino }: Deno.FileInfo): Version {
  return { marker: `${mtime?.getTime()}-${size}-${ino}`, size };
}
