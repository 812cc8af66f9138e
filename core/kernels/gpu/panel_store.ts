import { BufferScope } from "./buffer_scope.ts";
import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { GpuError } from "./gpu_error.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import { type PanelRows, readPanelRows, writePanelRows } from "./panel_rows.ts";
import type { Panel } from "./panels.ts";

/** Most floats that are copied at a time between device and tiles. */
const PORTION = 1 << 24;

interface Resident {
  readonly buffer: GPUBuffer;
  /** Whether the tiles do not have its content yet. */
  changed: boolean;
}

/**
 * The panels of a matrix, each in the device or in the tiles that it came from. While the device has room all stay
 * there. When it has none, the one used last makes way: panels are used in turn, over and over, so that one is the
 * last to be needed again.
 */
export class PanelStore implements Disposable {
  /** How the matrix is cut. */
  readonly panels: readonly Panel[];
  readonly #device: Device;
  readonly #tiles: SymmetricTiles;
  readonly #scope: BufferScope;
  /** By panel, the one used last at the end. */
  readonly #resident = new Map<number, Resident>();

  constructor(device: Device, tiles: SymmetricTiles, panels: readonly Panel[]) {
    this.panels = panels;
    this.#device = device;
    this.#tiles = tiles;
    this.#scope = new BufferScope(device);
  }

  /**
   * The buffer of a panel, row-major; filled from the tiles if it was not in the device.
   *
   * @param keep Panels that must not make way for it.
   * @throws {GpuError} If there is no room.
   */
  async use(at: number, ...keep: readonly number[]): Promise<GPUBuffer> {
    const known = this.#resident.get(at);
    if (known !== undefined) {
      this.#resident.delete(at);
      this.#resident.set(at, known);
      return known.buffer;
    }
    const buffer = await this.room(at, ...keep);
    await this.#load(this.panels[at]!, buffer);
    this.#resident.set(at, { buffer, changed: false });
    return buffer;
  }

  /** A buffer of zeros of the size of a panel; others than `keep` make way for it. */
  async room(at: number, ...keep: readonly number[]): Promise<GPUBuffer> {
    const { width, rows } = this.panels[at]!;
    for (;;) {
      const buffer = await this.#scope.storageIfRoom(width * rows);
      if (buffer !== null) return buffer;
      await this.#makeWay(keep);
    }
  }

  /** Says that a panel's content in the device is new. */
  changed(at: number): void {
    this.#resident.get(at)!.changed = true;
  }

  /** Makes a buffer of {@linkcode PanelStore.room} the content of a panel. */
  replace(at: number, buffer: GPUBuffer): void {
    this.#forget(at);
    this.#resident.set(at, { buffer, changed: true });
  }

  /** Takes a panel out of the device; what is new in it goes into the tiles. */
  async leave(at: number): Promise<void> {
    const known = this.#resident.get(at);
    if (known?.changed) await this.#save(this.panels[at]!, known.buffer);
    this.#forget(at);
  }

  [Symbol.dispose](): void {
    this.#scope[Symbol.dispose]();
  }

  #forget(at: number): void {
    const known = this.#resident.get(at);
    if (known !== undefined) this.#scope.destroy(known.buffer);
    this.#resident.delete(at);
  }

  async #makeWay(keep: readonly number[]): Promise<void> {
    const last = [...this.#resident.keys()].findLast((at) =>
      !keep.includes(at)
    );
    if (last === undefined) {
      throw new GpuError(
        `GPU ${this.#device.name} has too little memory for a matrix of ${this.#tiles.n} rows; set training.device to cpu`,
      );
    }
    await this.leave(last);
    // A buffer's memory is free when the commands that use it are done.
    await this.#device.settle();
  }

  async #load(panel: Panel, buffer: GPUBuffer): Promise<void> {
    const { queue } = this.#device.gpu;
    const values = new Float32Array(portion(panel) * panel.width);
    for (const part of portions(panel)) {
      readPanelRows(this.#tiles, part, values);
      const floats = part.count * panel.width;
      queue.writeBuffer(
        buffer,
        4 * part.first * panel.width,
        values,
        0,
        floats,
      );
      this.#device.submit();
      await this.#device.pace();
    }
  }

  async #save(panel: Panel, buffer: GPUBuffer): Promise<void> {
    const staging = this.#scope.readable(portion(panel) * panel.width);
    for (const part of portions(panel)) {
      const floats = part.count * panel.width;
      new Commands(this.#device)
        .copy(buffer, part.first * panel.width, staging, 0, floats)
        .submit();
      const values = await this.#device.map(staging, floats);
      writePanelRows(this.#tiles, part, values);
      staging.unmap();
    }
    this.#scope.destroy(staging);
  }
}

/** Rows of a panel that are copied at a time. */
function portion({ width, rows }: Panel): number {
  return Math.min(rows, Math.floor(PORTION / width));
}

function* portions(panel: Panel): Generator<PanelRows> {
  const step = portion(panel);
  for (let first = 0; first < panel.rows; first += step) {
    yield { panel, first, count: Math.min(step, panel.rows - first) };
  }
}
