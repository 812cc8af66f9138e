import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { multiply } from "./multiply.ts";
import type { PanelStore } from "./panel_store.ts";

/**
 * Replaces each panel of the lower triangular `M` by that of `MᵀM`, from left to right, and moves it to the tiles; the
 * squares on the diagonal become whole.
 */
export async function squareFactor(
  device: Device,
  store: PanelStore,
  signal?: AbortSignal,
): Promise<void> {
  for (const at of store.panels.keys()) {
    const { start, width } = store.panels[at]!;
    await store.use(at);
    const result = await store.room(at, at);
    for (let next = at; next < store.panels.length; next++) {
      await device.pace(signal);
      const other = store.panels[next]!;
      const left = await store.use(next, at);
      const right = await store.use(at, next);
      const commands = new Commands(device);
      multiply(
        commands,
        { transposeLeft: true, write: "set" },
        { buffer: left, offset: 0, stride: other.width },
        {
          buffer: right,
          offset: (other.start - start) * width,
          stride: width,
        },
        {
          buffer: result,
          offset: (other.start - start) * width,
          stride: width,
        },
        { rows: other.width, columns: width, depth: other.rows },
      );
      commands.submit();
    }
    store.replace(at, result);
    await store.leave(at);
  }
}
