/**
 * Where recipes read data from over HTTP: the object stores and the web.
 *
 * @module
 */
import { SILENT } from "../../core/config/events.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { Store } from "../../core/storage/store.ts";
import { storesFromEnv } from "../../core/storage/stores_from_env.ts";
import { type Cloud, CLOUDS, type Variables } from "./clouds.ts";
import { startWebFolder } from "./web_folder.ts";

/** A server that keeps files. */
export interface DataPlace extends AsyncDisposable {
  readonly port: number;
  /** Whether files are objects of a store, and not of the web. */
  readonly stores: boolean;
  /** Keeps a file. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** How a recipe names a file, when the server is reached over `port`. */
  uri(name: string, port: number): string;
  /** Variables for a recipe that does. */
  through(port: number): Variables;
  /** Variables with another key than the server knows; null where it knows none. */
  readonly stranger: Variables | null;
  /** What nothing that is written may hold. */
  readonly secrets: readonly string[];
}

/** Name → how to start it. */
export const DATA_PLACES: Readonly<Record<string, () => Promise<DataPlace>>> = {
  ...Object.fromEntries(
    Object.entries(CLOUDS).map(([name, start]) => [
      name,
      async () => placeIn(await start()),
    ]),
  ),
  http: startWeb,
};

/** Starts a web server. */
export async function startWeb(): Promise<DataPlace> {
  const folder = await startWebFolder();
  return {
    port: folder.port,
    stores: false,
    put: (name, bytes) => Deno.writeFile(`${folder.path}/${name}`, bytes),
    uri: (name, port) => `http://127.0.0.1:${port}/${name}`,
    through: () => ({ RECOTEM_HTTP_ALLOW_PRIVATE: "1" }),
    stranger: null,
    secrets: [],
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** The store that an environment leads to. */
export function storeOf(env: Variables): Store {
  return createStore(
    storesFromEnv(new Map(Object.entries(env)), {
      maxDownloadBytes: 0,
      events: SILENT,
    }),
  );
}

/** A cloud as a place of data; it ends with the cloud. */
export function placeIn(cloud: Cloud): DataPlace {
  const store = storeOf(cloud.env);
  return {
    ...cloud,
    stores: true,
    put: async (name, bytes) => {
      await store.write(`${cloud.root}/${name}`, [bytes]);
    },
    uri: (name) => `${cloud.root}/${name}`,
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}
