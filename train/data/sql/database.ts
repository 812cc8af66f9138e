/**
 * What the SQL source asks of a database, whatever it speaks.
 *
 * @module
 */
import type { QueryValue } from "../../../core/recipe/recipe.ts";
import type { RowBatch, SourceColumn } from "../data_source.ts";

/** A statement in the database's own spelling, and the values that are bound to it, in order. */
export interface BoundQuery {
  readonly text: string;
  readonly values: readonly QueryValue[];
}

/** What a session may take. */
export interface DatabaseLimits {
  /** Longest wait for the connection. */
  readonly connectSeconds: number;
  /** Longest run of the query. */
  readonly statementSeconds: number;
  /** Most rows of the answer. */
  readonly maxRows: number;
  /** Most bytes of the answer's wanted cells. */
  readonly maxBytes: number;
}

/** A database that is read in one session, which can write nothing. */
export interface Database {
  /** Connects and asks for a constant. */
  probe(signal: AbortSignal): Promise<void>;
  /**
   * The wanted columns of a query's answer, as they come: what is held is a few batches, and the database waits while
   * they are used. Errors are `RecotemError`s that repeat nothing of what a driver or a server says.
   */
  batches(
    query: BoundQuery,
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncIterable<RowBatch>;
}
