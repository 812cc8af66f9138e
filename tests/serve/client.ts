import type { Hono } from "hono";
import { apiKeyDigest, ApiKeys } from "../../serve/api_keys.ts";
import { type AppOptions, createApp } from "../../serve/app.ts";
import { type Adapters, readAdapters } from "../../serve/adapters.ts";
import type { AppEnv } from "../../serve/app_env.ts";
import { Metrics } from "../../serve/metrics/metrics.ts";
import { type Entry, Registry } from "../../serve/registry.ts";
import { type RecordedEvent, recordEvents } from "../artifact/record_events.ts";
import { shopModel } from "./shop.ts";

/** The key of kid `one` for a {@linkcode Client} with `keys`. */
export const API_KEY = "correct-horse-battery-staple-0123456789abcd";

/** Two days after the shop's model was trained. */
const NOW = new Date("2026-05-06T03:02:01Z");

/** No platform's routes. */
export const NO_ADAPTERS: Adapters = readAdapters([], new Map());

/** An entry named `shop` with the shop's model; `changes` replace parts of it. */
export function entry(changes: Partial<Entry> = {}): Entry {
  return {
    name: "shop",
    path: "recipes/shop.yaml",
    recipe: null,
    model: shopModel(),
    error: null,
    ...changes,
  };
}

/** What is special about the application of a {@linkcode Client}. */
export interface ClientOptions extends
  Partial<
    Omit<AppOptions, "authentication" | "events" | "metrics">
  > {
  /** Default: the shop's. */
  readonly entries?: readonly Entry[];
  /** Counts metrics; latencies are measured by this clock, in milliseconds. */
  readonly counted?: { time: number };
  /** Seconds from which a model is too old; default: never. */
  readonly maxAgeSeconds?: number | null;
  /** Kid → key; none lets everyone pass. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Asks the application, without a port. */
export class Client {
  /** All that the application told. */
  readonly recorded: RecordedEvent[];
  /** What the application answers for. */
  readonly registry: Registry;
  readonly #app: Hono<AppEnv>;

  /** Makes the application. */
  constructor(
    {
      entries = [entry()],
      keys,
      counted,
      maxAgeSeconds = null,
      ...options
    }: ClientOptions = {},
  ) {
    const { events, recorded } = recordEvents();
    const registry = new Registry({ maxAgeSeconds, now: () => NOW });
    this.registry = registry;
    for (const each of entries) registry.set(each);
    this.recorded = recorded;
    this.#app = createApp({
      registry,
      authentication: {
        keys: keys
          ? new ApiKeys(
            Object.entries(keys).map(([kid, key]) => ({
              kid,
              digest: apiKeyDigest(key).toHex(),
            })),
          )
          : null,
        anonymousMode: "loopback_no_keys",
      },
      allowedHosts: ["localhost"],
      allowedOrigins: [],
      metrics: counted ? new Metrics(registry, () => counted.time) : null,
      adapters: NO_ADAPTERS,
      accessLog: false,
      docs: false,
      playground: false,
      ...options,
      events,
    });
  }

  /** The application as a server runs it. */
  get handler(): Deno.ServeHandler<Deno.NetAddr> {
    return this.#app.fetch;
  }

  /** Sends a request; `from` is the address that it comes from. */
  async send(
    path: string,
    init: RequestInit = {},
    from?: Deno.Addr,
  ): Promise<Response> {
    const request = new Request(`http://localhost${path}`, init);
    return await this.#app.fetch(request, from ? { remoteAddr: from } : {});
  }

  /** Asks for a prediction; a body that is no text or bytes is sent as JSON. */
  predict(
    body: unknown,
    { name = "shop", headers = {} }: {
      readonly name?: string;
      readonly headers?: HeadersInit;
    } = {},
  ): Promise<Response> {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    return this.send(`/predict/${name}`, {
      method: "POST",
      body: raw ? body as BodyInit : JSON.stringify(body),
      headers,
    });
  }

  /** Asks a verb of a recipe, such as `shop:recommend`; a body that is no text is sent as JSON. */
  verb(
    call: string,
    body: unknown,
    headers: HeadersInit = {},
  ): Promise<Response> {
    return this.send(`/v1/recipes/${call}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers,
    });
  }

  /** Names of what was told, in order. */
  told(): string[] {
    return this.recorded.map(({ event }) => event);
  }
}
