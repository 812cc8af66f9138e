import { BufferScope } from "./buffer_scope.ts";
import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { multiply, type View } from "./multiply.ts";
import type { PanelStore } from "./panel_store.ts";

/**
 * Replaces each panel of the Cholesky factor `L` by that of `L⁻¹`, from left to right.
 *
 * @param inverses The inverses of the squares on the diagonal.
 */
export async function invertFactor(
  device: Device,
  store: PanelStore,
  inverses: readonly GPUBuffer[],
  signal?: AbortSignal,
): Promise<void> {
  using scope = new BufferScope(device);
  const scratch = scope.storage(store.panels[0]!.width ** 2);
  for (const [at, { width }] of store.panels.entries()) {
    await device.pace(signal);
    await startPanel(device, store, at, inverses[at]!);
    for (let next = at + 1; next < store.panels.length; next++) {
      await device.pace(signal);
      const inverse = {
        buffer: inverses[next]!,
        offset: 0,
        stride: store.panels[next]!.width,
      };
      const solved = { buffer: scratch, offset: 0, stride: width };
      await solveSquare(device, store, at, next, inverse, solved);
    }
  }
}

/** The square on the diagonal is inverted already; below it, `−L` times that is what the squares there start from. */
async function startPanel(
  device: Device,
  store: PanelStore,
  at: number,
  inverse: GPUBuffer,
): Promise<void> {
  const { width, rows } = store.panels[at]!;
  const factor = await store.use(at);
  const result = await store.room(at, at);
  const commands = new Commands(device)
    .copy(inverse, 0, result, 0, width * width);
  multiply(
    commands,
    { write: "negate" },
    { buffer: factor, offset: width * width, stride: width },
    { buffer: inverse, offset: 0, stride: width },
    { buffer: result, offset: width * width, stride: width },
    { rows: rows - width, columns: width, depth: width },
  );
  commands.submit();
  store.replace(at, result);
}

/** Solves for the square of panel `at` beside the diagonal square of `next`, and subtracts it from those below. */
async function solveSquare(
  device: Device,
  store: PanelStore,
  at: number,
  next: number,
  inverse: View,
  solved: View,
): Promise<void> {
  const { start, width, rows } = store.panels[at]!;
  const other = store.panels[next]!;
  const square: View = {
    buffer: await store.use(at),
    offset: (other.start - start) * width,
    stride: width,
  };
  const floats = other.width * width;
  const commands = new Commands(device);
  multiply(commands, { write: "set" }, inverse, square, solved, {
    rows: other.width,
    columns: width,
    depth: other.width,
  });
  commands.copy(solved.buffer, 0, square.buffer, square.offset, floats);
  multiply(
    commands,
    { write: "subtract" },
    {
      buffer: await store.use(next, at),
      offset: other.width ** 2,
      stride: other.width,
    },
    solved,
    { ...square, offset: square.offset + floats },
    {
      rows: start + rows - other.start - other.width,
      columns: width,
      depth: other.width,
    },
  );
  commands.submit();
}
