import { BufferScope } from "./buffer_scope.ts";
import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { BLOCK } from "./matmul_shader.ts";
import { multiply, type View } from "./multiply.ts";
import { roundUp } from "./panels.ts";

/** Largest side of the blocks that the device multiplies at a time: 64 MiB each. */
const SIDE = 4096;

/** Arguments of {@linkcode gemm}: row-major matrices. */
export interface GemmArgs {
  /** `rows × depth`. */
  readonly left: Float32Array;
  /** `depth × columns`. */
  readonly right: Float32Array;
  /** `rows × columns`; overwritten. */
  readonly out: Float32Array;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** Part of a row-major matrix, and how many columns that has. */
interface Part {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  readonly stride: number;
}

/**
 * `out = left · right`, in single precision, block by block.
 *
 * @throws {GpuError} If the device fails or has no room for four blocks.
 * @throws The signal's reason, if it is aborted.
 */
export async function gemm(
  device: Device,
  { left, right, out, rows, depth, columns }: GemmArgs,
  signal?: AbortSignal,
): Promise<void> {
  if (depth === 0) out.fill(0);
  if (rows * depth * columns === 0) return;
  using scope = new BufferScope(device);
  const [m, k, n] = [rows, depth, columns].map((size) =>
    Math.min(SIDE, roundUp(size, BLOCK))
  ) as [number, number, number];
  const leftBlock = scope.storage(m * k);
  const rightBlock = scope.storage(k * n);
  const result = scope.storage(m * n);
  const staging = scope.readable(m * n);
  for (const row of steps(rows)) {
    for (const column of steps(columns)) {
      const target = {
        row,
        rows: Math.min(SIDE, rows - row),
        column,
        columns: Math.min(SIDE, columns - column),
        stride: columns,
      };
      for (const inner of steps(depth)) {
        const length = Math.min(SIDE, depth - inner);
        const commands = new Commands(device);
        multiply(
          commands,
          { write: inner === 0 ? "set" : "add" },
          upload(device, leftBlock, left, {
            ...target,
            column: inner,
            columns: length,
            stride: depth,
          }),
          upload(device, rightBlock, right, {
            ...target,
            row: inner,
            rows: length,
          }),
          { buffer: result, offset: 0, stride: n },
          {
            rows: roundUp(target.rows, BLOCK),
            columns: roundUp(target.columns, BLOCK),
            depth: roundUp(length, BLOCK),
          },
        );
        commands.submit();
        await device.pace(signal);
      }
      await download(device, result, n, staging, out, target);
    }
  }
}

/** Where the blocks of a side begin. */
function* steps(size: number): Generator<number> {
  for (let at = 0; at < size; at += SIDE) yield at;
}

/** Copies a part of a matrix into a buffer, zeros around it up to multiples of 64. */
function upload(
  device: Device,
  buffer: GPUBuffer,
  matrix: Float32Array,
  { row, rows, column, columns, stride }: Part,
): View {
  const width = roundUp(columns, BLOCK);
  const block = new Float32Array(roundUp(rows, BLOCK) * width);
  for (let r = 0; r < rows; r++) {
    const from = (row + r) * stride + column;
    block.set(matrix.subarray(from, from + columns), r * width);
  }
  device.gpu.queue.writeBuffer(buffer, 0, block);
  return { buffer, offset: 0, stride: width };
}

async function download(
  device: Device,
  buffer: GPUBuffer,
  width: number,
  staging: GPUBuffer,
  matrix: Float32Array,
  { row, rows, column, columns, stride }: Part,
): Promise<void> {
  const floats = rows * width;
  new Commands(device).copy(buffer, 0, staging, 0, floats).submit();
  const block = await device.map(staging, floats);
  for (let r = 0; r < rows; r++) {
    matrix.set(
      block.subarray(r * width, r * width + columns),
      (row + r) * stride + column,
    );
  }
  staging.unmap();
}
