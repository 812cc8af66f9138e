import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Reader, ZipReader } from "@zip.js/zip.js";
import unbzip2Stream from "unbzip2-stream";
import xz from "xz-decompress";
import { RecotemError } from "../../../core/errors.ts";
import type { DecodedBytes } from "../decoded_bytes.ts";
import type { RawFile } from "./_raw_file.ts";

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Most bytes that one step of a decoder without backpressure (bzip2) may produce. A step sees at most some 900 kB of
 * input, so this allows text to shrink to a seventieth; one long run of a byte shrinks a thousand times more.
 */
const MAX_STEP_BYTES = 64 * 2 ** 20;

const DECODERS: Readonly<Record<string, (file: RawFile) => Bytes>> = {
  ".gz": gunzip,
  ".bz2": bunzip2,
  ".xz": unxz,
  ".zip": unzip,
};

/** Whether the suffix of `path` announces compressed bytes. */
export function isCompressed(path: string): boolean {
  return decoderOf(path) !== undefined;
}

/**
 * The bytes of a file, decompressed when its suffix is `.gz`, `.bz2`, `.zip` (one entry) or `.xz`; several members one
 * after another are read as one. Streams: what is held is a chunk, for zip also the directory of the archive. An xz
 * archive must have a CRC or no check and a dictionary of at most 64 MiB, as its presets 0 to 9 write.
 *
 * Throws `datasource_error` when the archive is damaged or cut off, or holds more than may be counted in `decoded`.
 */
export async function* decompress(
  file: RawFile,
  decoded: DecodedBytes,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const decoder = decoderOf(file.path);
  if (decoder === undefined) {
    yield* file.stream();
    return;
  }
  try {
    for await (const chunk of decoder(file)) {
      decoded.add(chunk.length);
      yield chunk as Uint8Array<ArrayBuffer>;
    }
  } catch (cause) {
    // An abort or a failed read of the raw bytes is not the archive's fault.
    signal.throwIfAborted();
    if (cause instanceof RecotemError) throw cause;
    throw new RecotemError(
      "datasource_error",
      `Cannot decompress ${file.path}: it is damaged, cut off or not what its suffix says`,
      { cause },
    );
  }
}

function decoderOf(path: string): ((file: RawFile) => Bytes) | undefined {
  // A link may have a query behind its path.
  const lower = path.replace(/^(https?:[^?#]*).*$/is, "$1").toLowerCase();
  const suffix = Object.keys(DECODERS).find((each) => lower.endsWith(each));
  return suffix === undefined ? undefined : DECODERS[suffix];
}

// The web's DecompressionStream refuses a second gzip member; parallel compressors write many.
function gunzip(file: RawFile): Bytes {
  const output = createGunzip({ chunkSize: 2 ** 18 });
  // Errors reach the consumer through `output`.
  pipeline(Readable.from(file.stream()), output, () => {});
  return output;
}

interface EventedStream {
  on(event: "data", listener: (chunk: Uint8Array) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  write(chunk: Uint8Array): void;
  end(): void;
}

async function* bunzip2(file: RawFile): AsyncGenerator<Uint8Array> {
  const decoder: EventedStream = unbzip2Stream();
  let ready: Uint8Array[] = [];
  let readyBytes = 0;
  let failure: Error | undefined;
  decoder.on("data", (chunk) => {
    ready.push(chunk);
    readyBytes += chunk.length;
    if (readyBytes > MAX_STEP_BYTES) {
      throw new RecotemError(
        "datasource_error",
        `${file.path} expands too much at once; compress it with gzip or xz if it is meant to`,
      );
    }
  });
  decoder.on("error", (error) => failure ??= error);

  function* drain(): Generator<Uint8Array> {
    if (failure !== undefined) throw failure;
    yield* ready;
    ready = [];
    readyBytes = 0;
  }

  for await (const chunk of file.stream()) {
    // Small pieces, so that a step stays near one block.
    for (let start = 0; start < chunk.length; start += 2 ** 14) {
      decoder.write(chunk.subarray(start, start + 2 ** 14));
      yield* drain();
    }
  }
  decoder.end();
  yield* drain();
}

function unxz(file: RawFile): Bytes {
  return new xz.XzReadableStream(ReadableStream.from(file.stream()));
}

async function* unzip(file: RawFile): AsyncGenerator<Uint8Array> {
  const archive = new ZipReader(new RawFileReader(file), {
    useWebWorkers: false,
    checkSignature: true,
  });
  const entries = (await archive.getEntries()).filter((e) => !e.directory);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined || entry.directory) {
    throw new RecotemError(
      "datasource_error",
      `${file.path} holds ${entries.length} files; a zip archive must hold exactly one`,
    );
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = entry.getData(writable);
  // Without a listener its rejection would end the process before the loop below sees it.
  written.catch(() => {});
  yield* readable;
  await written;
}

class RawFileReader extends Reader<RawFile> {
  readonly #file: RawFile;

  constructor(file: RawFile) {
    super(file);
    this.#file = file;
    this.size = file.size;
  }

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const end = Math.min(index + length, this.#file.size);
    return this.#file.slice(Math.min(index, end), end);
  }
}
