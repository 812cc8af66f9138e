import { assertEquals } from "@std/assert";
import type { Store } from "../../core/storage/store.ts";
import { namesIn, readAll } from "../core/storage/store_contract.ts";

/** What is written under each name below `folder` is read under it, and the names are listed. */
export async function assertKeepsNames(
  store: Store,
  folder: string,
  names: readonly string[],
): Promise<void> {
  for (const [index, name] of names.entries()) {
    await store.write(`${folder}/${name}`, [Uint8Array.of(index)]);
  }
  for (const [index, name] of names.entries()) {
    assertEquals(
      await readAll(store, `${folder}/${name}`),
      Uint8Array.of(index),
    );
  }
  assertEquals(await namesIn(store, folder), names.toSorted());
}
