/** Eigenvalues, falling, and the eigenvectors of unit length in their order. */
export interface Eigen {
  readonly values: Float64Array;
  /** Row-major; each row is an eigenvector. */
  readonly vectors: Float64Array;
}

/** Steps per eigenvalue; two are usual. */
const MOST_STEPS = 50;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, row-major, `n × n`, which is overwritten: Householder reflections to
 * a tridiagonal matrix, then implicit QL steps. About 9 n³ multiply-adds, in double precision.
 *
 * Golub, Van Loan, Matrix computations, chapter 8.
 *
 * @throws {RangeError} When it does not converge, as when an entry is not finite.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const { diagonal, below, basis } = tridiagonalise(matrix, n);
  // Rounding errors of the reflections are of this size: what is smaller couples nothing.
  const noise = Number.EPSILON *
    largest(
      diagonal.map((value, row) => Math.abs(value) + Math.abs(below[row]!)),
    );
  if (!Number.isFinite(noise)) {
    throw new RangeError(
      `Eigenvalues of ${n} rows cannot be found: the matrix must be finite`,
    );
  }
  for (let first = 0; first < n; first++) {
    for (let step = 0;; step++) {
      const last = endOfBlock(diagonal, below, first, noise);
      if (last === first) break;
      if (!(step < MOST_STEPS)) {
        throw new RangeError(
          `Eigenvalue ${first} of ${n} was not found in ${MOST_STEPS} steps`,
        );
      }
      qlStep(diagonal, below, basis, n, first, last);
    }
  }
  const order = Array.from(diagonal.keys()).sort((a, b) =>
    diagonal[b]! - diagonal[a]!
  );
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) {
    vectors.set(basis.subarray(from * n, (from + 1) * n), to * n);
  }
  return { values: Float64Array.from(order, (at) => diagonal[at]!), vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `below[i]` stands between rows `i` and `i + 1`; the last is 0. */
  readonly below: Float64Array;
  /** Row-major; row `i` is what the `i`-th axis was. */
  readonly basis: Float64Array;
}

function tridiagonalise(a: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const reflections: (Float64Array | null)[] = [];
  const product = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    diagonal[k] = a[k * n + k]!;
    const v = new Float64Array(n);
    let square = 0;
    for (let i = k + 1; i < n; i++) square += (v[i] = a[k * n + i]!) ** 2;
    const length = Math.sqrt(square);
    const signed = v[k + 1]! > 0 ? -length : length;
    below[k] = signed;
    const norm = 2 * (square - v[k + 1]! * signed);
    // What is 0 already needs no reflection; what is not a number is found out by the steps.
    if (!(norm > 0)) {
      reflections.push(null);
      continue;
    }
    v[k + 1]! -= signed;
    const unit = Math.SQRT2 / Math.sqrt(norm);
    for (let i = k + 1; i < n; i++) v[i]! *= unit;
    reflections.push(v);
    // A - v wᵀ - w vᵀ with w = A v - ½ (vᵀ A v) v.
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      product[i] = sum;
      along += sum * v[i]!;
    }
    for (let i = k + 1; i < n; i++) product[i]! -= along / 2 * v[i]!;
    for (let i = k + 1; i < n; i++) {
      const [vi, wi] = [v[i]!, product[i]!];
      for (let j = k + 1; j < n; j++) {
        a[i * n + j]! -= vi * product[j]! + wi * v[j]!;
      }
    }
  }
  for (let k = Math.max(0, n - 2); k < n; k++) diagonal[k] = a[k * n + k]!;
  if (n > 1) below[n - 2] = a[(n - 2) * n + n - 1]!;
  return { diagonal, below, basis: transposedProduct(reflections, n) };
}

/** The transpose of `H₀ H₁ …`, with `H = I - v vᵀ`, by rows. */
function transposedProduct(
  reflections: readonly (Float64Array | null)[],
  n: number,
): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const sums = new Float64Array(n);
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k];
    if (!v) continue;
    sums.fill(0);
    for (let i = k + 1; i < n; i++) {
      const vi = v[i]!;
      for (let j = k + 1; j < n; j++) sums[j]! += vi * q[i * n + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      const vi = v[i]!;
      for (let j = k + 1; j < n; j++) q[i * n + j]! -= vi * sums[j]!;
    }
  }
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) basis[j * n + i] = q[i * n + j]!;
  }
  return basis;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The first row from `first` on that is not coupled with the next. */
function endOfBlock(
  diagonal: Float64Array,
  below: Float64Array,
  first: number,
  noise: number,
): number {
  let last = first;
  for (; last < diagonal.length - 1; last++) {
    const size = Math.abs(diagonal[last]!) + Math.abs(diagonal[last + 1]!);
    const coupling = Math.abs(below[last]!);
    if (coupling <= Math.max(noise, Number.EPSILON * size)) break;
  }
  return last;
}

/** One implicit QL step with Wilkinson's shift on the rows from `first` to `last`. */
function qlStep(
  diagonal: Float64Array,
  below: Float64Array,
  basis: Float64Array,
  n: number,
  first: number,
  last: number,
): void {
  const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * below[first]!);
  const root = Math.hypot(half, 1);
  const shift = diagonal[first]! -
    below[first]! / (half + (half < 0 ? -root : root));
  let bulge = diagonal[last]! - shift;
  let [sine, cosine, moved] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const chased = sine * below[i]!;
    const left = cosine * below[i]!;
    const length = Math.hypot(chased, bulge);
    below[i + 1] = length;
    if (length === 0) {
      // The block fell apart here.
      diagonal[i + 1]! -= moved;
      below[last] = 0;
      return;
    }
    sine = chased / length;
    cosine = bulge / length;
    const start = diagonal[i + 1]! - moved;
    const turn = (diagonal[i]! - start) * sine + 2 * cosine * left;
    moved = sine * turn;
    diagonal[i + 1] = start + moved;
    bulge = cosine * turn - left;
    const [upper, lower] = [i * n, (i + 1) * n];
    for (let j = 0; j < n; j++) {
      const [x, y] = [basis[upper + j]!, basis[lower + j]!];
      basis[lower + j] = sine * x + cosine * y;
      basis[upper + j] = cosine * x - sine * y;
    }
  }
  diagonal[first]! -= moved;
  below[first] = bulge;
  below[last] = 0;
}
