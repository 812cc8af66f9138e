/** Bytes from `start` up to `end`, which may be `Infinity`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The Range header of a request, also of one for all bytes: without it the runtime offers to take compressed answers,
 * and unpacks an object that is stored with a content encoding.
 */
export function rangeHeader({ start, end }: Range): { range: string } {
  return { range: `bytes=${start}-${end === Infinity ? "" : end - 1}` };
}

/** The body of the answer to a request with that header; null when the object ends before the range. */
export async function rangeBody(
  answer: Response,
  { start, end }: Range,
): Promise<ReadableStream<Uint8Array> | null> {
  if (answer.status === 416) {
    await answer.body?.cancel();
    return null;
  }
  if (answer.status !== 206 && (start > 0 || end < Infinity)) {
    await answer.body?.cancel();
    throw new Error("The object store does not give ranges of objects");
  }
  return answer.body;
}
