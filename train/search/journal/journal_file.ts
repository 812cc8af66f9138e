/** A file that is read once and then grows, by one writer. Failures are those of the medium. */
export interface JournalFile {
  /** How messages call it. */
  readonly path: string;
  /** All of it. */
  read(): Promise<Uint8Array>;
  /** Adds to its end; on the medium when it returns. */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts it after `length` bytes. */
  truncate(length: number): Promise<void>;
}
