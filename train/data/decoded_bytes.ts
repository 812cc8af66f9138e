import { RecotemError } from "../../core/errors.ts";

/** Counts the bytes that come of compressed ones, up to a cap: a few kilobytes can decompress to terabytes. */
export class DecodedBytes {
  readonly #path: string;
  readonly #cap: number;
  #count = 0;

  /**
   * None so far.
   *
   * @param path Names in the error what is decompressed: a file, or several.
   */
  constructor(path: string, cap: number) {
    this.#path = path;
    this.#cap = cap;
  }

  /**
   * Counts some more.
   *
   * @throws {RecotemError} `datasource_error` when they are more than the cap together.
   */
  add(bytes: number): void {
    this.#count += bytes;
    if (this.#count <= this.#cap) return;
    throw new RecotemError(
      "datasource_error",
      `${this.#path} decompresses to more than the ${this.#cap} bytes that are allowed`,
    );
  }
}
