/** Solves `matrix · x = right` by Gauss-Jordan elimination with pivoting. */
export function solveDense(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let r = i; r < n; r++) {
      if (Math.abs(rows[r]![i]!) > Math.abs(rows[best]![i]!)) best = r;
    }
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = rows[r]![i]! / rows[i]![i]!;
      for (let c = i; c <= n; c++) rows[r]![c]! -= factor * rows[i]![c]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
