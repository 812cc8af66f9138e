/**
 * `XᵀX` of a sparse matrix, on and below the diagonal of a panel of columns; a workgroup of 64 invocations adds up one
 * column, row of `X` by row of `X`, so that no two invocations meet at one sum and the order of additions is fixed.
 *
 * Its buffers: for each column of `X` where its entries begin; for each of these entries, column by column, where it
 * lies among the entries row by row and where its row ends there; those entries' columns and values; the panel. Its
 * parameters: first column and width of the panel. The entries of a row are by rising column, so those from an entry
 * to the end of its row are the ones on and below the diagonal.
 */
export const GRAM_SHADER: string = `
struct Parameters { start: u32, width: u32 }
@group(0) @binding(0) var<storage, read> begins: array<u32>;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read> ends: array<u32>;
@group(0) @binding(3) var<storage, read> columns: array<u32>;
@group(0) @binding(4) var<storage, read> values: array<f32>;
@group(0) @binding(5) var<storage, read_write> panel: array<f32>;
@group(0) @binding(6) var<uniform> p: Parameters;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let column = p.start + group.x;
  let last = begins[column + 1u];
  for (var entry = begins[column]; entry < last; entry++) {
    let place = places[entry];
    let value = values[place];
    let end = ends[entry];
    for (var other = place + lane; other < end; other += 64u) {
      panel[(columns[other] - p.start) * p.width + group.x] +=
        value * values[other];
    }
    storageBarrier();
  }
}
`;
