import { BrokenConnection } from "./_broken_connection.ts";

/** What {@linkcode steadyAnswer} works with. */
export interface SteadyAnswerOptions {
  /** Names the object in errors. */
  readonly uri: string;
  /** Longest wait for more of the body. */
  readonly waitSeconds: number;
  /** Ends the body. */
  readonly signal: AbortSignal | undefined;
}

const CHUNK_BYTES = 2 ** 18;

/**
 * The same answer, whose body comes in chunks that are full but for the last one: those of the network hold what had just
 * arrived, and each costs as much again as its bytes. It fails with a {@linkcode BrokenConnection} when it breaks off, or
 * hardly anything comes any more; an abort ends it also when all has arrived already.
 */
export function steadyAnswer(
  answer: Response,
  { uri, waitSeconds, signal }: SteadyAnswerOptions,
): Response {
  if (answer.body === null) return answer;
  const reader = answer.body.getReader({ mode: "byob" });
  const length = Number(answer.headers.get("content-length") ?? Infinity);
  const size = Math.max(1, Math.min(CHUNK_BYTES, length));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      signal?.throwIfAborted();
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => silence.reject(BrokenConnection.silent(uri, waitSeconds)),
        1000 * waitSeconds,
      );
      try {
        const { done, value } = await Promise.race([
          reader.read(new Uint8Array(size), { min: size }),
          silence.promise,
        ]);
        signal?.throwIfAborted();
        if (value !== undefined && value.length > 0) controller.enqueue(value);
        if (done) controller.close();
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof TypeError)) await reader.cancel();
        throw error instanceof TypeError
          ? BrokenConnection.of(uri, error)
          : error;
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  const { status, statusText, headers } = answer;
  return new Response(body, { status, statusText, headers });
}
