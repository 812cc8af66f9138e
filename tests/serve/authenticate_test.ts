import { assert, assertEquals } from "@std/assert";
import { API_KEY, Client } from "./client.ts";

const OTHER_KEY = "an-other-key-of-43-characters-0123456789abc";
const KEYS = { one: API_KEY, two: OTHER_KEY };
/** What a client tries → what it is told and what the log says. */
const REFUSED: Readonly<
  Record<string, [key: string | undefined, code: string, event: string]>
> = {
  "no key": [undefined, "missing_api_key", "auth_missing_header"],
  "an empty key": ["", "invalid_api_key", "auth_short_key_rejected"],
  "a short key": [
    API_KEY.slice(0, 31),
    "invalid_api_key",
    "auth_short_key_rejected",
  ],
  "a long key": [
    API_KEY.padEnd(257, "x"),
    "invalid_api_key",
    "auth_oversized_header",
  ],
  "a wrong key": [
    API_KEY.replace("c", "C"),
    "invalid_api_key",
    "auth_invalid_key",
  ],
  "two keys in one": [
    `${API_KEY}, ${OTHER_KEY}`,
    "invalid_api_key",
    "auth_invalid_key",
  ],
};

for (const [what, [key, code, event]] of Object.entries(REFUSED)) {
  Deno.test(`authenticate() answers 401 ${code} to ${what}, and tells ${event} with its length alone`, async () => {
    const client = new Client({ keys: KEYS });
    const response = await client.predict({ user_id: "ann" }, {
      headers: key === undefined ? {} : { "X-API-Key": key },
    });
    assertEquals(response.status, 401);
    const answer = await response.json();
    assertEquals(Object.keys(answer), ["detail", "code", "request_id"]);
    assertEquals(answer.code, code);
    assertEquals(
      client.recorded.map(({ level, event, fields }) => [level, event, fields]),
      [["warn", event, {
        path: "/predict/:name",
        length: key?.length ?? 0,
      }]],
    );
  });
}

Deno.test("authenticate() says the same of short, long and wrong keys", async () => {
  const client = new Client({ keys: KEYS });
  const details = new Set<string>();
  for (const key of ["x", "x".repeat(40), "x".repeat(300)]) {
    const response = await client.predict({}, {
      headers: { "X-API-Key": key, "X-Request-ID": "r" },
    });
    details.add(await response.text());
  }
  assertEquals(details.size, 1);
});

Deno.test("authenticate() lets each of several keys pass, whatever the case of the header's name", async () => {
  const client = new Client({ keys: KEYS });
  for (const key of [API_KEY, OTHER_KEY, API_KEY]) {
    for (const header of ["X-API-Key", "x-api-key", "X-API-KEY"]) {
      const headers = { [header]: key };
      const response = await client.predict({ user_id: "ann" }, { headers });
      assertEquals(response.status, 200);
    }
  }
  assertEquals(client.recorded, []);
});

Deno.test("authenticate() goes before the look at name, body and recipe", async () => {
  const client = new Client({ entries: [], keys: KEYS });
  for (
    const [name, body] of [
      ["a.b", { user_id: "ann" }],
      ["shop", "{"],
      ["shop", "x".repeat(70_000)],
      ["none", { user_id: "ann" }],
    ] as const
  ) {
    assertEquals((await client.predict(body, { name })).status, 401);
  }
  const body = new ReadableStream({
    pull() {
      throw new Error("The body was read");
    },
  }, { highWaterMark: 0 });
  const unread = await client.send("/predict/shop", { method: "POST", body });
  assertEquals(unread.status, 401);
});

Deno.test("authenticate() leaves nothing of any key in the events", async () => {
  const client = new Client({ keys: KEYS });
  for (const key of [API_KEY, OTHER_KEY.slice(1), API_KEY.slice(0, 20)]) {
    await client.predict({ user_id: "ann" }, { headers: { "x-api-key": key } });
  }
  const told = JSON.stringify(client.recorded);
  assert(client.recorded.length > 0);
  for (const part of ["correct", "horse", "other", "key-of"]) {
    assert(!told.includes(part), told);
  }
});

Deno.test("authenticate() without keys lets everyone pass, and reports each client once", async () => {
  const client = new Client();
  const from = (hostname: string): Deno.Addr => ({
    transport: "tcp",
    hostname,
    port: 5,
  });
  for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.1"]) {
    const init = { method: "POST", body: '{"user_id":"ann"}' };
    const response = await client.send("/predict/shop", init, from(address));
    assertEquals(response.status, 200);
  }
  const seen = client.recorded.filter(({ level }) => level === "info");
  assertEquals(
    seen.map(({ event, fields }) => [event, fields]),
    ["10.0.0.1", "10.0.0.2"].map((host) => [
      "auth_anonymous_bypass_first_seen",
      { client_host: host, path: "/predict/:name", mode: "loopback_no_keys" },
    ]),
  );
  const each = client.recorded.filter(({ level }) => level === "debug");
  assertEquals(
    each.map(({ event }) => event),
    new Array(3).fill("auth_anonymous_bypass"),
  );
});

Deno.test("authenticate() without keys reports 1024 clients and then stays silent", async () => {
  const client = new Client({ entries: [] });
  for (let i = 0; i < 1100; i++) {
    await client.send("/models", {}, {
      transport: "tcp",
      hostname: `10.0.${i >> 8}.${i & 255}`,
      port: 5,
    });
  }
  const seen = client.recorded.filter(({ level }) => level === "info");
  assertEquals(seen.length, 1024);
});

const HERE: Deno.NetAddr = {
  transport: "tcp",
  hostname: "192.0.2.1",
  port: 1,
};

Deno.test("authenticate() answers 429 to keys of an address that presented 30 wrong ones, except to those that were good before", async () => {
  const client = new Client({ keys: KEYS });
  async function ask(key: string | null, from: Deno.NetAddr): Promise<string> {
    const headers = key === null ? {} : { "X-API-Key": key };
    const response = await client.send("/models", { headers }, from);
    const body = await response.json();
    const wait = response.headers.get("Retry-After");
    return `${response.status} ${body.code ?? ""} ${wait ?? ""}`;
  }
  assertEquals(await ask(API_KEY, HERE), "200  ");
  for (let i = 0; i < 30; i++) {
    assertEquals(await ask(`${i}`.repeat(40), HERE), "401 invalid_api_key ");
  }
  assertEquals(await ask("w".repeat(40), HERE), "429 too_many_failures 2");
  // Not seen before, so that whoever guesses learns nothing of it.
  assertEquals(await ask(OTHER_KEY, HERE), "429 too_many_failures 2");
  assertEquals(await ask(API_KEY, HERE), "200  ");
  assertEquals(await ask(null, HERE), "401 missing_api_key ");
  const elsewhere = { ...HERE, hostname: "192.0.2.2" };
  assertEquals(await ask(OTHER_KEY, elsewhere), "200  ");
  assertEquals(await ask(OTHER_KEY, HERE), "200  ");
  const throttled = client.told().filter((name) => name === "auth_throttled");
  assertEquals(throttled.length, 1);
});
