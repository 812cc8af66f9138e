// Vectors whose length is a multiple of 8 floats; `bytes` is that length in bytes.
import { madd } from "./madd";

/** Sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(
    x,
    i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** `a · b`. */
export function dot(a: usize, b: usize, bytes: usize): f32 {
  let x = f32x4.splat(0);
  let y = x;
  for (const end = a + bytes; a < end; a += 32, b += 32) {
    x = madd(v128.load(a), v128.load(b), x);
    y = madd(v128.load(a, 16), v128.load(b, 16), y);
  }
  return sumLanes(f32x4.add(x, y));
}

/** `y += alpha · x`. */
export function addScaled(y: usize, x: usize, alpha: f32, bytes: usize): void {
  const factor = f32x4.splat(alpha);
  for (const end = y + bytes; y < end; y += 32, x += 32) {
    v128.store(y, madd(factor, v128.load(x), v128.load(y)));
    v128.store(
      y,
      madd(factor, v128.load(x, 16), v128.load(y, 16)),
      16,
    );
  }
}

/** `y = x + beta · y`. */
export function scaleAdd(y: usize, x: usize, beta: f32, bytes: usize): void {
  const factor = f32x4.splat(beta);
  for (const end = y + bytes; y < end; y += 32, x += 32) {
    v128.store(y, madd(factor, v128.load(y), v128.load(x)));
    v128.store(
      y,
      madd(factor, v128.load(y, 16), v128.load(x, 16)),
      16,
    );
  }
}
