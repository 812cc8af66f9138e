/**
 * Products of dense matrices. A workgroup of 64 invocations computes a block of 64 × 64, each invocation 8 × 8 of it in
 * registers, from slices of both factors in workgroup memory: per step of the inner loop it reads 16 floats there for
 * 64 multiply-adds. Its rows and columns are two times four, 32 apart, so that neighbours read and write neighbouring
 * floats. All loops over registers are written out, since a driver that does not unroll them would keep the sums in
 * memory.
 *
 * @module
 */

/** Rows and columns of the block that a workgroup computes; all sizes are multiples of it. */
export const BLOCK = 64;
/** Inner dimension of a slice: 2 × 64 × 16 floats of workgroup memory, half of what every device has. */
const DEPTH = 16;
/** Rows and columns of one invocation. */
const EDGE = 8;

/** Which product a shader computes. */
export interface Product {
  /** Whether the left factor lies in memory as its transpose. */
  readonly transposeLeft?: boolean;
  /** Whether the right factor lies in memory as its transpose. */
  readonly transposeRight?: boolean;
  /** Whether the left factor lies in the buffer of the result. A workgroup reads all it needs before it writes. */
  readonly leftInResult?: boolean;
  /** Whether the right factor lies in the buffer of the result. */
  readonly rightInResult?: boolean;
  /** What becomes of the result. */
  readonly write: "set" | "subtract" | "negate";
}

/**
 * The shader of a product. Its buffers: left, right, result, without those that lie in the result's. Its workgroups:
 * columns and rows of the result by {@linkcode BLOCK}. Its parameters, in groups of four floats but for the first: the
 * inner dimension (a multiple of 16), then offset and stride of left, of right and of the result.
 */
export function matmulShader(product: Product): string {
  const names = [
    product.leftInResult ? null : "left",
    product.rightInResult ? null : "right",
  ].filter((name) => name !== null);
  const left = product.leftInResult ? "result" : "left";
  const right = product.rightInResult ? "result" : "right";
  return `
struct Parameters {
  depth: u32,
  leftOffset: u32, leftStride: u32,
  rightOffset: u32, rightStride: u32,
  resultOffset: u32, resultStride: u32,
}
${
    names.map((name, at) =>
      `@group(0) @binding(${at}) var<storage, read> ${name}: array<vec4f>;`
    ).join("\n")
  }
@group(0) @binding(${names.length})
var<storage, read_write> result: array<vec4f>;
@group(0) @binding(${names.length + 1}) var<uniform> p: Parameters;
var<workgroup> leftSlice: array<vec4f, ${DEPTH * BLOCK / 4}>;
var<workgroup> rightSlice: array<vec4f, ${DEPTH * BLOCK / 4}>;

@compute @workgroup_size(${BLOCK})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * ${BLOCK}u;
  let column = group.x * ${BLOCK}u;
  let x = lane % ${BLOCK / EDGE}u;
  let y = lane / ${BLOCK / EDGE}u;
  ${each((i, j) => `var sum${i}${j} = vec4f(0);`)}
  for (var inner = 0u; inner < p.depth; inner += ${DEPTH}u) {
    ${slice(left, "left", "row", product.transposeLeft ?? false)}
    ${slice(right, "right", "column", !product.transposeRight)}
    workgroupBarrier();
    for (var k = 0u; k < ${DEPTH}u; k++) {
      let at = k * ${BLOCK / 4}u;
      let left0 = leftSlice[at + y];
      let left1 = leftSlice[at + y + 8u];
      let right0 = rightSlice[at + x];
      let right1 = rightSlice[at + x + 8u];
      ${
    each((i, j) =>
      `sum${i}${j} = fma(vec4f(left${i >> 2}.${
        "xyzw"[i & 3]
      }), right${j}, sum${i}${j});`
    )
  }
    }
    workgroupBarrier();
  }
  let at = p.resultOffset + (row + 4u * y) * p.resultStride + column / 4u + x;
  ${
    each((i, j) => {
      const rows = (i & 3) + 32 * (i >> 2);
      const place = `result[at + ${rows}u * p.resultStride + ${8 * j}u]`;
      return `${place} = ${RESULTS[product.write](place, `sum${i}${j}`)};`;
    })
  }
}
`;
}

const RESULTS: Readonly<
  Record<Product["write"], (old: string, sum: string) => string>
> = {
  set: (_, sum) => sum,
  subtract: (old, sum) => `${old} - ${sum}`,
  negate: (_, sum) => `-${sum}`,
};

/** Code for each row and each four columns of an invocation. */
function each(code: (row: number, quad: number) => string): string {
  return Array.from(
    { length: EDGE * EDGE / 4 },
    (_, at) => code(at >> 1, at & 1),
  ).join("\n  ");
}

/**
 * Fills a slice: `DEPTH` lines of 64 floats. Where the matrix has the inner dimension outermost its lines are copied,
 * else each invocation turns a square of 4 × 4.
 */
function slice(
  matrix: string,
  side: "left" | "right",
  line: "row" | "column",
  innerOutermost: boolean,
): string {
  const from = `p.${side}Offset`;
  const stride = `p.${side}Stride`;
  if (innerOutermost) {
    return Array.from({ length: 4 }, (_, part) => `
    {
      let k = lane / 16u + ${4 * part}u;
      ${side}Slice[k * 16u + lane % 16u] =
        ${matrix}[${from} + (inner + k) * ${stride} + ${line} / 4u + lane % 16u];
    }`).join("");
  }
  return `
    {
      let k = lane / 16u;
      let four = lane % 16u;
      let at = ${from} + (${line} + 4u * four) * ${stride} + inner / 4u + k;
      let turned = transpose(mat4x4f(
        ${matrix}[at],
        ${matrix}[at + ${stride}],
        ${matrix}[at + 2u * ${stride}],
        ${matrix}[at + 3u * ${stride}],
      ));
      let to = 4u * k * 16u + four;
      ${side}Slice[to] = turned[0];
      ${side}Slice[to + 16u] = turned[1];
      ${side}Slice[to + 32u] = turned[2];
      ${side}Slice[to + 48u] = turned[3];
    }`;
}
