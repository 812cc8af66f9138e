/** @throws {RangeError} Unless `start` to `end` is a range of bytes. */
export function requireRange(start: number, end: number): void {
  if (!(start >= 0 && start <= end)) {
    throw new RangeError(`Range ${start} to ${end} is not within a file`);
  }
}
