import { readAdapters } from "../../../serve/adapters.ts";
import { Client, type ClientOptions } from "../client.ts";
import { grocerEntry } from "../grocer.ts";

/** Asks a server with platforms' routes; users are ann, bob and cat. */
export function platformClient(
  names: readonly string[],
  options: ClientOptions = {},
): Client {
  const env = new Map([
    ["AIP_HEALTH_ROUTE", "/alive"],
    ["AIP_PREDICT_ROUTE", "/guess"],
  ]);
  const adapters = readAdapters(
    names,
    names.includes("vertex") ? env : new Map(),
  );
  return new Client({ entries: [grocerEntry()], adapters, ...options });
}

/** Posts JSON. */
export function post(
  client: Client,
  path: string,
  body: unknown,
  headers: HeadersInit = {},
): Promise<Response> {
  return client.send(path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers,
  });
}
