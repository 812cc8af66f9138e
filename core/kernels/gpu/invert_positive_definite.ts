import { BufferScope } from "./buffer_scope.ts";
import type { Device } from "./device.ts";
import { factorise } from "./factorise.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import { invertFactor } from "./invert_factor.ts";
import { PanelStore } from "./panel_store.ts";
import { type Panel, planPanels } from "./panels.ts";
import { squareFactor } from "./square_factor.ts";

/** Options of {@linkcode invertPositiveDefinite}. */
export interface InvertOptions {
  /** Ends the computation. */
  readonly signal?: AbortSignal | undefined;
  /** How the matrix is cut. Default: as {@linkcode planPanels} does. */
  readonly panels?: readonly Panel[];
}

/**
 * Replaces a symmetric positive definite matrix by its inverse: `A = LLᵀ`, then `L⁻¹`, then `L⁻ᵀL⁻¹`, each about
 * `n³ / 6` multiply-adds in single precision. The lower triangle, `2n²` bytes, lies in the device, with room for the two or three
 * panels that are worked on; what finds no place stays in the tiles and is copied in turn. After an error the content
 * of the tiles is undefined.
 *
 * @throws {RangeError} If the matrix is not positive definite.
 * @throws {GpuError} If the device fails or has no room for three panels.
 * @throws The signal's reason, if it is aborted.
 */
export async function invertPositiveDefinite(
  device: Device,
  tiles: SymmetricTiles,
  { signal, panels = planPanels(tiles.n, device.bindingBytes) }: InvertOptions =
    {},
): Promise<void> {
  signal?.throwIfAborted();
  if (tiles.n === 0) return;
  using store = new PanelStore(device, tiles, panels);
  {
    using scope = new BufferScope(device);
    const inverses = panels.map(({ width }) => scope.storage(width * width));
    await factorise(device, store, inverses, signal);
    await invertFactor(device, store, inverses, signal);
  }
  await squareFactor(device, store, signal);
}
