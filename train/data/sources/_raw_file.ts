import { createHash } from "node:crypto";
import { RecotemError } from "../../../core/errors.ts";
import { equalInConstantTime } from "../../../core/std/crypto.ts";
import { readAhead } from "../read_ahead.ts";
import type { SourceDependencies } from "../source_dependencies.ts";

/** What a file is read for; the start of its events' names. */
export type FilePurpose = "csv_source" | "parquet_source" | "metadata_source";

/** A file to open, as the recipe names it. */
export interface FileReference {
  readonly path: string;
  /** Lower-case hex digest of the raw bytes. */
  readonly sha256: string | null;
}

/** Raw bytes of one file, never more than the cap. */
export interface RawFile {
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** The bytes were compared with a pin before anybody could read them. */
  readonly verified: boolean;
  /** All bytes, front to back. */
  stream(): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The bytes from `start` up to `end`; throws `datasource_error` when the file ends before. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Refuses a file that is missing or larger than the cap; returns its size, if it can be told. Reads no data. */
export async function statFile(
  path: string,
  purpose: FilePurpose,
  { store, events, maxBytes }: SourceDependencies,
  signal: AbortSignal,
): Promise<number | null> {
  const version = await store.stat(path, signal).catch((cause) => {
    throw unreadable(path, cause, signal);
  });
  if (version === null) {
    throw new RecotemError(
      "datasource_error",
      `Cannot read ${path}: there is no such file`,
    );
  }
  if (version.size !== null && version.size > maxBytes) {
    events.warn(`${purpose}_size_exceeded`, {
      path,
      bytes_read: 0,
      cap: maxBytes,
    });
    throw tooLarge(path, version.size, maxBytes);
  }
  return version.size;
}

/**
 * Opens a file. With a pin all its bytes are read, hashed and held, so that the bytes that were verified are the bytes
 * that are parsed; so they are when only reading tells their number. Else they are streamed.
 *
 * Throws `datasource_error` for a missing, unreadable or oversized file, `http_fetch_error` for a digest that differs.
 */
export async function openRawFile(
  { path, sha256 }: FileReference,
  purpose: FilePurpose,
  dependencies: SourceDependencies,
  signal: AbortSignal,
): Promise<RawFile> {
  const { store, events, maxBytes } = dependencies;
  const size = await statFile(path, purpose, dependencies, signal);

  async function* read(
    range: { start?: number; end?: number } = {},
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let bytesRead = 0;
    try {
      const stream = await store.read(path, {
        ...range,
        signal,
        onRedirect(location) {
          events.info(`${purpose}_redirect`, { path, location });
        },
      });
      for await (const chunk of readAhead(stream)) {
        bytesRead += chunk.length;
        if (bytesRead > maxBytes) break;
        yield chunk as Uint8Array<ArrayBuffer>;
      }
    } catch (cause) {
      if (
        cause instanceof RecotemError && cause.details.reason === "too_large"
      ) {
        const { bytes_read, cap } = cause.details;
        events.warn(`${purpose}_size_exceeded`, { path, bytes_read, cap });
      }
      throw unreadable(path, cause, signal);
    }
    if (bytesRead <= maxBytes) return;
    events.warn(`${purpose}_size_exceeded`, {
      path,
      bytes_read: bytesRead,
      cap: maxBytes,
    });
    throw tooLarge(path, bytesRead, maxBytes);
  }

  if (sha256 !== null || size === null) {
    const bytes = await collect(read());
    if (sha256 !== null) verifyDigest(path, bytes, sha256);
    return heldFile(path, bytes, sha256 !== null);
  }
  return {
    path,
    size,
    verified: false,
    stream: () => read(),
    async slice(start, end) {
      const bytes = await collect(read({ start, end }));
      if (bytes.length !== end - start) throw shrunk(path);
      return bytes;
    },
  };
}

/** A file whose bytes are in memory. */
export function heldFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  verified: boolean,
): RawFile {
  return {
    path,
    size: bytes.length,
    verified,
    async *stream() {
      yield await Promise.resolve(bytes);
    },
    slice(start, end) {
      return end > bytes.length
        ? Promise.reject(shrunk(path))
        : Promise.resolve(bytes.slice(start, end));
    },
  };
}

/** Joins chunks to one byte string. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function verifyDigest(path: string, bytes: Uint8Array, sha256: string): void {
  const actual = createHash("sha256").update(bytes).digest("hex");
  const encoder = new TextEncoder();
  if (equalInConstantTime(encoder.encode(actual), encoder.encode(sha256))) {
    return;
  }
  throw new RecotemError(
    "http_fetch_error",
    `The sha256 of ${path} is ${actual.slice(0, 8)}…, the recipe pins ${
      sha256.slice(0, 8)
    }…`,
  );
}

function tooLarge(path: string, bytes: number, cap: number): RecotemError {
  return new RecotemError(
    "datasource_error",
    `${path} has at least ${bytes} bytes, more than the ${cap} that RECOTEM_MAX_DOWNLOAD_BYTES allows`,
  );
}

function shrunk(path: string): RecotemError {
  return new RecotemError(
    "datasource_error",
    `${path} ends before the bytes that it announces; it is truncated or was changed while it was read`,
  );
}

function unreadable(
  path: string,
  cause: unknown,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof RecotemError) return cause;
  const [reason] = String(cause).split("\n");
  return new RecotemError(
    "datasource_error",
    `Cannot read ${path}: ${reason}`,
    { cause },
  );
}
