/** What serving calls in the WebAssembly module; all arguments but counts are addresses. */
export interface ScoreExports {
  scoreFactors(
    user: number,
    items: number,
    factors: number,
    count: number,
    out: number,
  ): void;
  scoreSome(
    user: number,
    items: number,
    factors: number,
    which: number,
    count: number,
    out: number,
  ): void;
  quantizeRows(
    items: number,
    factors: number,
    count: number,
    codes: number,
    numbers: number,
    tail: number,
  ): number;
  boundRows(
    user: number,
    factors: number,
    count: number,
    codes: number,
    numbers: number,
    work: number,
    out: number,
  ): number;
  scoreSparse(
    items: number,
    weights: number,
    count: number,
    indptr: number,
    indices: number,
    values: number,
    scales: number,
    log: number,
    sums: number,
    width: number,
  ): void;
  sumLongRows(
    indices: number,
    values: number,
    count: number,
    dense: number,
    width: number,
    out: number,
  ): void;
  topK(
    scores: number,
    count: number,
    k: number,
    indices: number,
    values: number,
    tail: number,
  ): number;
  atLeast(scores: number, count: number, least: number, to: number): number;
}
