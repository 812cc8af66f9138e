/** Rows that are held together; as many as one array of memory is good for. */
export const CHUNK_ROWS: number = 2 ** 20;

/** Some rows of (user, item, time), and how many rows each stands for. */
export interface RowChunk {
  /** Only the first so many of each array are rows. */
  size: number;
  readonly users: Uint32Array;
  readonly items: Uint32Array;
  /** Null where rows have no times. */
  readonly times: Float64Array | null;
  /** Null where each row stands for itself. */
  readonly counts: Float32Array | null;
}

/** A chunk without rows yet, each of which will stand for itself. */
export function emptyChunk(timed: boolean): RowChunk {
  return {
    size: 0,
    users: new Uint32Array(CHUNK_ROWS),
    items: new Uint32Array(CHUNK_ROWS),
    times: timed ? new Float64Array(CHUNK_ROWS) : null,
    counts: null,
  };
}
