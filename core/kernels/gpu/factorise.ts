import { notInvertible } from "../not_invertible.ts";
import { BufferScope } from "./buffer_scope.ts";
import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { FACTOR_SHADER } from "./factor_shader.ts";
import { BLOCK, type Product } from "./matmul_shader.ts";
import { multiply } from "./multiply.ts";
import type { PanelStore } from "./panel_store.ts";
import { type Panel, roundUp } from "./panels.ts";

/** `result −= left · rightᵀ`. */
const UPDATE: Product = { transposeRight: true, write: "subtract" };
const UPDATE_IN_PANEL: Product = {
  ...UPDATE,
  leftInResult: true,
  rightInResult: true,
};
/** `left · rightᵀ` in place of left. */
const SOLVE: Product = {
  transposeRight: true,
  leftInResult: true,
  write: "set",
};

/**
 * Replaces each panel of `A` by that of its Cholesky factor `L`, from left to right, and fills `inverses[k]` with the
 * inverse of the panel's square on the diagonal, row-major; the squares above the diagonal are left as they are.
 *
 * @throws {RangeError} If a pivot is not positive.
 */
export async function factorise(
  device: Device,
  store: PanelStore,
  inverses: readonly GPUBuffer[],
  signal?: AbortSignal,
): Promise<void> {
  using scope = new BufferScope(device);
  const fault = scope.storage(2);
  const staging = scope.readable(2);
  const scratch = scope.storage(store.panels[0]!.width ** 2);
  for (const [at, panel] of store.panels.entries()) {
    const buffer = await store.use(at);
    for (let before = 0; before < at; before++) {
      await device.pace(signal);
      await subtractBefore(device, store, before, at);
    }
    const commands = new Commands(device);
    factorisePanel(commands, panel, buffer, inverses[at]!, fault);
    invertSquare(commands, panel, buffer, inverses[at]!, scratch);
    commands.copy(fault, 0, staging, 0, 2).submit();
    store.changed(at);
    await refuseFault(device, staging);
  }
}

/** Subtracts what an earlier panel of `L` adds to `A` in the panel `at`. */
async function subtractBefore(
  device: Device,
  store: PanelStore,
  before: number,
  at: number,
): Promise<void> {
  const { start, width, rows } = store.panels[at]!;
  const earlier = store.panels[before]!;
  const factor = {
    buffer: await store.use(before, at),
    offset: (start - earlier.start) * earlier.width,
    stride: earlier.width,
  };
  const commands = new Commands(device);
  multiply(
    commands,
    UPDATE,
    factor,
    factor,
    { buffer: await store.use(at), offset: 0, stride: width },
    { rows, columns: width, depth: earlier.width },
  );
  commands.submit();
}

/** Factorises a panel from which all before it was subtracted, by columns of 64. */
function factorisePanel(
  commands: Commands,
  { start, width, rows }: Panel,
  buffer: GPUBuffer,
  inverse: GPUBuffer,
  fault: GPUBuffer,
): void {
  for (let column = 0; column < width; column += BLOCK) {
    const left = { buffer, offset: column * width, stride: width };
    const diagonal = { ...left, offset: left.offset + column };
    const below = { ...diagonal, offset: diagonal.offset + BLOCK * width };
    if (column > 0) {
      multiply(commands, UPDATE_IN_PANEL, left, left, diagonal, {
        rows: rows - column,
        columns: BLOCK,
        depth: column,
      });
    }
    commands.run(
      FACTOR_SHADER,
      [buffer, inverse, fault],
      [diagonal.offset, width, diagonal.offset, width, start + column],
      [1, 1],
    );
    multiply(
      commands,
      SOLVE,
      below,
      { ...diagonal, buffer: inverse },
      below,
      { rows: rows - column - BLOCK, columns: BLOCK, depth: BLOCK },
    );
  }
}

/**
 * Completes the inverse of the panel's square from those of its blocks on the diagonal: halves are inverted, and what
 * is below the first and left of the second becomes `−(second)⁻¹ · it · (first)⁻¹`.
 */
function invertSquare(
  commands: Commands,
  { width }: Panel,
  buffer: GPUBuffer,
  inverse: GPUBuffer,
  scratch: GPUBuffer,
): void {
  function invert(start: number, size: number): void {
    if (size === BLOCK) return;
    const first = roundUp(size / 2, BLOCK);
    const second = size - first;
    invert(start, first);
    invert(start + first, second);
    const at = (row: number, column: number) => ({
      buffer: inverse,
      offset: row * width + column,
      stride: width,
    });
    const middle = start + first;
    const product = { buffer: scratch, offset: 0, stride: first };
    multiply(
      commands,
      { write: "set" },
      { ...at(middle, start), buffer },
      at(start, start),
      product,
      { rows: second, columns: first, depth: first },
    );
    multiply(
      commands,
      { leftInResult: true, write: "negate" },
      at(middle, middle),
      product,
      at(middle, start),
      { rows: second, columns: first, depth: second },
    );
  }
  invert(0, width);
}

/** @throws {RangeError} If the device met a pivot that is not positive. */
async function refuseFault(device: Device, staging: GPUBuffer): Promise<void> {
  const floats = (await device.map(staging, 2)).slice();
  staging.unmap();
  const row = new Uint32Array(floats.buffer)[0]!;
  if (row !== 0) throw notInvertible(row - 1, floats[1]!);
}
