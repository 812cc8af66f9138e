/** The chunks of a stream; the next one is being read while the consumer works on one. */
export async function* readAhead(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  function start(): ReturnType<typeof reader.read> {
    const next = reader.read();
    // A failure is told when the chunk is asked for; until then nobody listens.
    next.catch(() => {});
    return next;
  }
  let next = start();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = start();
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
