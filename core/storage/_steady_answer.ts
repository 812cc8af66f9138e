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

/** The same answer, whose body fails with a {@linkcode BrokenConnection} when it breaks off, or nothing comes any more. */
export function steadyAnswer(
  answer: Response,
  { uri, waitSeconds, signal }: SteadyAnswerOptions,
): Response {
  if (answer.body === null) return answer;
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => silence.reject(BrokenConnection.silent(uri, waitSeconds)),
        1000 * waitSeconds,
      );
      try {
        const { done, value } = await Promise.race([
          reader.read(),
          silence.promise,
        ]);
        if (done) controller.close();
        else controller.enqueue(value);
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
