/** Keeps the best `k` of a stream of scored columns: higher score first, ties by lower column. */
export class TopK {
  readonly #k: number;
  /** A binary heap with the worst entry at its root. */
  readonly #scores: number[] = [];
  readonly #columns: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** How many entries are held. */
  get size(): number {
    return this.#scores.length;
  }

  /** Offers one entry. Logarithmic in `k`. */
  offer(column: number, score: number): void {
    if (this.size < this.#k) {
      this.#scores.push(score);
      this.#columns.push(column);
      this.#rise(this.size - 1);
    } else if (this.#isWorse(0, column, score)) {
      this.#sink(0, column, score);
    }
  }

  /** Removes the worst entry; the heap must not be empty. */
  takeWorst(): { column: number; score: number } {
    const worst = { column: this.#columns[0]!, score: this.#scores[0]! };
    const column = this.#columns.pop()!;
    const score = this.#scores.pop()!;
    if (this.size > 0) this.#sink(0, column, score);
    return worst;
  }

  /** Whether the entry at `at` ranks behind the given one. */
  #isWorse(at: number, column: number, score: number): boolean {
    const own = this.#scores[at]!;
    return own < score || (own === score && this.#columns[at]! > column);
  }

  #rise(at: number): void {
    const score = this.#scores[at]!;
    const column = this.#columns[at]!;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isWorse(parent, column, score)) break;
      this.#scores[at] = this.#scores[parent]!;
      this.#columns[at] = this.#columns[parent]!;
      at = parent;
    }
    this.#scores[at] = score;
    this.#columns[at] = column;
  }

  #sink(at: number, column: number, score: number): void {
    for (let child = 2 * at + 1; child < this.size; child = 2 * at + 1) {
      const right = child + 1;
      if (
        right < this.size &&
        this.#isWorse(right, this.#columns[child]!, this.#scores[child]!)
      ) child = right;
      if (!this.#isWorse(child, column, score)) break;
      this.#scores[at] = this.#scores[child]!;
      this.#columns[at] = this.#columns[child]!;
      at = child;
    }
    this.#scores[at] = score;
    this.#columns[at] = column;
  }
}
