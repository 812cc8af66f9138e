import type { Store } from "./store.ts";

/**
 * The store that answers to a URI.
 *
 * @throws {Deno.errors.NotSupported} When none does. The message names the scheme and not the URI, which may hold a
 * password.
 *
 * @example
 * ```ts
 * import { FileStore } from "./file_store.ts";
 * import { openStore } from "./open_store.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const stores = [new FileStore()];
 * await openStore("models/shop.recotem", stores).stat("models/shop.recotem");
 * assertThrows(() => openStore("ftp://host/shop.recotem", stores), Deno.errors.NotSupported);
 * ```
 */
export function openStore(uri: string, stores: readonly Store[]): Store {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? "";
  const store = stores.find(({ schemes }) => schemes.includes(scheme));
  if (store === undefined) {
    const known = stores.flatMap(({ schemes }) => schemes)
      .map((each) => each === "" ? "a path" : `${each}://`);
    throw new Deno.errors.NotSupported(
      `Nothing is stored under ${
        JSON.stringify(scheme.slice(0, 16))
      }: the location must be ${known.join(" or ")}`,
    );
  }
  return store;
}
