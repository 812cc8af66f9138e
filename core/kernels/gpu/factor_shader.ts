/**
 * The Cholesky factor of one block on the diagonal, and the factor's inverse; one workgroup of 64 invocations.
 *
 * Its buffers: the matrix, whose lower triangle becomes L and whose upper one 0; where L⁻¹ goes; and a fault: one more
 * than the row of the first pivot that was not positive, and the pivot's bits. Its parameters, in floats: offset and
 * stride of the matrix, of the inverse, and the number of the block's first row.
 *
 * The block lies in workgroup memory by columns, so that invocations, which own rows, read neighbours; it fills what
 * every device has. A pivot is judged by its bits, since a compiler may take it that there is no NaN.
 */
export const FACTOR_SHADER: string = `
struct Parameters {
  offset: u32, stride: u32,
  inverseOffset: u32, inverseStride: u32,
  row: u32,
}
struct Fault { row: u32, pivot: u32 }
@group(0) @binding(0) var<storage, read_write> matrix: array<f32>;
@group(0) @binding(1) var<storage, read_write> inverse: array<f32>;
@group(0) @binding(2) var<storage, read_write> fault: Fault;
@group(0) @binding(3) var<uniform> p: Parameters;
var<workgroup> block: array<f32, 4096>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var row = 0u; row < 64u; row++) {
    block[lane * 64u + row] = matrix[p.offset + row * p.stride + lane];
  }
  var faultRow = 64u;
  var faultPivot = 0u;
  var diagonal = 0.0;
  for (var k = 0u; k < 64u; k++) {
    workgroupBarrier();
    let pivot = block[k * 65u];
    let bits = bitcast<u32>(pivot);
    if (faultRow == 64u && (bits == 0u || bits >= 0x7f800000u)) {
      faultRow = k;
      faultPivot = bits;
    }
    let root = sqrt(pivot);
    if (lane == k) { diagonal = root; }
    let value = block[k * 64u + lane] / root;
    if (lane > k) { block[k * 64u + lane] = value; }
    workgroupBarrier();
    for (var j = k + 1u; j <= lane; j++) {
      block[j * 64u + lane] -= value * block[k * 64u + j];
    }
  }
  block[lane * 65u] = diagonal;
  workgroupBarrier();
  if (lane == 0u && faultRow < 64u && fault.row == 0u) {
    fault = Fault(p.row + faultRow + 1u, faultPivot);
  }
  for (var row = 0u; row < 64u; row++) {
    matrix[p.offset + row * p.stride + lane] =
      select(0.0, block[lane * 64u + row], row >= lane);
  }
  for (var left = 64u; left > 0u; left--) {
    let column = left - 1u;
    let scale = 1.0 / block[column * 65u];
    var sum = 0.0;
    for (var k = left; k <= lane; k++) {
      sum += block[k * 64u + lane] * block[column * 64u + k];
    }
    workgroupBarrier();
    if (lane > column) { block[column * 64u + lane] = -sum * scale; }
    if (lane == column) { block[column * 65u] = scale; }
    workgroupBarrier();
  }
  for (var row = 0u; row < 64u; row++) {
    inverse[p.inverseOffset + row * p.inverseStride + lane] =
      select(0.0, block[lane * 64u + row], row >= lane);
  }
}
`;
