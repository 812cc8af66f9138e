import type { VerifyOptions } from "./verify_options.ts";

/** What it takes to read a file and trust it. */
export interface LoadOptions extends VerifyOptions {
  /**
   * Makes the memory that a file is read into, such as the memory that models are scored from. Must start at a multiple
   * of 8 bytes in its buffer. Not asked for files of 512 bytes and less, which may be pointers.
   */
  readonly allocate?: (bytes: number) => Uint8Array;
  /** Stops it; nothing is left behind. */
  readonly signal?: AbortSignal;
}
