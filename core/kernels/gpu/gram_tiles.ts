import type { Csr } from "../csr.ts";
import { BufferScope } from "./buffer_scope.ts";
import { Commands } from "./commands.ts";
import type { Device } from "./device.ts";
import { gramEntries } from "./gram_entries.ts";
import { GRAM_SHADER } from "./gram_shader.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import { PanelStore } from "./panel_store.ts";
import { planPanels } from "./panels.ts";

/**
 * Entries that are worked on at a time. A column adds up its entries one after the other, so this bounds how long a
 * command takes: drivers end one that takes seconds.
 */
const ENTRIES = 1 << 22;

/**
 * `XᵀX` of a sparse matrix into tiles, in single precision; multiply-adds: half of the sum over rows of their entries
 * squared.
 *
 * @param matrix Well formed; columns ascend within each row.
 * @param tiles Overwritten.
 * @throws {GpuError} If the device fails or has no room for a panel.
 * @throws The signal's reason, if it is aborted.
 */
export async function gramTiles(
  device: Device,
  matrix: Csr,
  tiles: SymmetricTiles,
  signal?: AbortSignal,
): Promise<void> {
  const panels = planPanels(tiles.n, device.bindingBytes);
  using store = new PanelStore(device, tiles, panels);
  for (const at of panels.keys()) store.replace(at, await store.room(at));
  for (const entries of gramEntries(matrix, ENTRIES)) {
    using scope = new BufferScope(device);
    const { begins, places, ends, columns, values } = entries;
    const inputs = [begins, places, ends, columns, values].map((array) => {
      const buffer = scope.storage(array.length);
      device.gpu.queue.writeBuffer(buffer, 0, array);
      return buffer;
    });
    for (const [at, { start, width }] of panels.entries()) {
      await device.pace(signal);
      const buffer = await store.use(at);
      const groups = Math.min(width, tiles.n - start);
      new Commands(device)
        .run(GRAM_SHADER, [...inputs, buffer], [start, width], [groups, 1])
        .submit();
      store.changed(at);
    }
  }
  for (const at of panels.keys()) await store.leave(at);
}
