/** The value of a Range header, or null for all bytes. */
export function rangeHeader(
  { start, end }: { readonly start: number; readonly end: number },
): string | null {
  if (start === 0 && end === Infinity) return null;
  return `bytes=${start}-${end === Infinity ? "" : end - 1}`;
}

/** The body of the answer to a request with that Range header; null when the object ends before the range. */
export async function rangeBody(
  answer: Response,
  range: string | null,
): Promise<ReadableStream<Uint8Array> | null> {
  if (answer.status === 416) {
    await answer.body?.cancel();
    return null;
  }
  if (range !== null && answer.status !== 206) {
    await answer.body?.cancel();
    throw new Error("The object store does not give ranges of objects");
  }
  return answer.body;
}
