import { RecotemError } from "../../../core/errors.ts";
import type { DatabaseLimits } from "./database.ts";

/** Counts what comes of a query and refuses what is over the caps. */
export class AnswerLimits {
  readonly #limits: Pick<DatabaseLimits, "maxRows" | "maxBytes">;
  #rows = 0;
  #bytes = 0;

  /** Nothing has come yet. */
  constructor(limits: Pick<DatabaseLimits, "maxRows" | "maxBytes">) {
    this.#limits = limits;
  }

  /**
   * Counts rows and the bytes of their cells.
   *
   * @throws {RecotemError} `datasource_error` when there are now more than are allowed.
   */
  add(rows: number, bytes: number): void {
    const { maxRows, maxBytes } = this.#limits;
    this.#rows += rows;
    this.#bytes += bytes;
    if (this.#rows > maxRows) {
      throw new RecotemError(
        "datasource_error",
        `The query answers more than ${maxRows} rows, which RECOTEM_MAX_SQL_ROWS allows`,
      );
    }
    if (this.#bytes > maxBytes) {
      throw new RecotemError(
        "datasource_error",
        `The query answers more than ${maxBytes} bytes, 32 times what RECOTEM_MAX_DOWNLOAD_BYTES allows for a file`,
      );
    }
  }
}
