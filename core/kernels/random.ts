/** A seeded stream of pseudo-random numbers; equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  float(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream that depends on this stream's seed and `label` only, not on what was drawn. */
  fork(label: string): Random;
}
