const CHUNK_BYTES = 2 ** 18;

/**
 * The same bytes, of which there are `length` at most, in chunks that are full but for the last one: those of the
 * network hold what had just arrived, and each costs as much again as its bytes. An abort ends the stream also when all
 * have arrived already.
 */
export function fullChunks(
  stream: ReadableStream<Uint8Array>,
  length: number,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader({ mode: "byob" });
  const size = Math.min(CHUNK_BYTES, length);
  return new ReadableStream({
    async pull(controller) {
      signal?.throwIfAborted();
      const { value, done } = await reader.read(new Uint8Array(size), {
        min: size,
      });
      signal?.throwIfAborted();
      if (value !== undefined && value.length > 0) controller.enqueue(value);
      if (done) controller.close();
    },
    async cancel(reason) {
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
