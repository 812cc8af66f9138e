import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client } from "../client.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, {
      readonly security?: unknown;
      readonly requestBody?: {
        readonly content: {
          readonly "application/json": { readonly example: unknown };
        };
      };
      readonly responses: Record<string, unknown>;
    }>
  >;
}

async function read(client: Client): Promise<Document> {
  return await (await client.send("/openapi.json")).json();
}

Deno.test("GET /openapi.json, /docs and /redoc are there where they are asked for only", async () => {
  for (const path of ["/openapi.json", "/docs", "/redoc"]) {
    const there = await new Client({ docs: true }).send(path);
    assertEquals(there.status, 200);
    assert(there.headers.get("x-request-id"));
    await there.body?.cancel();
    const absent = await new Client().send(path);
    assertEquals(absent.status, 404);
    await absent.body?.cancel();
  }
});

Deno.test("GET /openapi.json describes routes that there are, with the statuses that they give", async () => {
  const client = new Client({
    docs: true,
    keys: { one: "correct-horse-battery-staple-0123456789abcd" },
  });
  const { openapi, paths } = await read(client);
  assertMatch(openapi, /^3\.1/);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, responses }]) => ({
      path: path.replace("{name}", "shop"),
      method: method.toUpperCase(),
      keyed: security !== undefined,
      responses,
    }))
  );
  assertEquals(described.length, 12);
  for (const { path, method, keyed, responses } of described) {
    const response = await client.send(path, { method });
    assertEquals(response.status, keyed ? 401 : 200, `${method} ${path}`);
    assert(String(response.status) in responses);
    await response.body?.cancel();
  }
  assert(!Object.keys(paths).some((path) => path.includes("metrics")));
});

Deno.test("GET /openapi.json has an example of each request, which the shop answers", async () => {
  const client = new Client({ docs: true });
  const { paths } = await read(client);
  let asked = 0;
  for (const [path, { post }] of Object.entries(paths)) {
    if (!post) continue;
    const { example } = post.requestBody!.content["application/json"];
    const response = await client.send(path.replace("{name}", "shop"), {
      method: "POST",
      body: JSON.stringify(example),
    });
    const answer = await response.json();
    assertEquals(response.status, 200, path);
    assert((answer.items ?? answer.results).length > 0, path);
    asked++;
  }
  assertEquals(asked, 5);
});

Deno.test("GET /openapi.json refers to nothing that it does not define", async () => {
  const document = await read(new Client({ docs: true }));
  const defined = document as unknown as {
    components: { schemas: Record<string, unknown> };
  };
  const refs = JSON.stringify(document).matchAll(
    /"\$ref":"#\/components\/schemas\/(\w+)"/g,
  );
  const names = new Set([...refs].map(([, name]) => name!));
  assert(names.size > 10);
  for (const name of names) assert(name in defined.components.schemas, name);
});

Deno.test("GET /docs shows every route, and fetches nothing", async () => {
  const client = new Client({ docs: true });
  const response = await client.send("/docs");
  assertMatch(response.headers.get("content-type")!, /^text\/html/);
  assertMatch(
    response.headers.get("content-security-policy")!,
    /default-src 'none'/,
  );
  const page = await response.text();
  for (const path of Object.keys((await read(client)).paths)) {
    assert(page.includes(path), path);
  }
  assert(!/<script|src=|https?:\/\//.test(page));
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, to]) => to!);
  for (const link of links) {
    assert(link === "openapi.json" || page.includes(`id="${link.slice(1)}"`));
  }
});
