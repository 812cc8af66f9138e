import type { Commands } from "./commands.ts";
import { BLOCK, matmulShader, type Product } from "./matmul_shader.ts";

/** A row-major matrix within a buffer; offset and stride in floats, multiples of 4. */
export interface View {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly stride: number;
}

/** The sides of a product: the result is `rows × columns`, multiples of 64; `depth` is a multiple of 16. */
export interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** Adds a product of matrices to the commands. */
export function multiply(
  commands: Commands,
  product: Product,
  left: View,
  right: View,
  result: View,
  { rows, columns, depth }: Sizes,
): void {
  const buffers = [
    ...(product.leftInResult ? [] : [left.buffer]),
    ...(product.rightInResult ? [] : [right.buffer]),
    result.buffer,
  ];
  const views = [left, right, result];
  commands.run(
    matmulShader(product),
    buffers,
    [depth, ...views.flatMap((view) => [view.offset / 4, view.stride / 4])],
    [columns / BLOCK, rows / BLOCK],
  );
}
