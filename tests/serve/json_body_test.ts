import { assertEquals } from "@std/assert";
import { MAX_BODY_BYTES, readJsonBody } from "../../serve/json_body.ts";

function post(body: BodyInit, headers: HeadersInit = {}): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

/** A body without a declared length that counts what is read of it. */
function endless(): { stream: ReadableStream<Uint8Array>; read: () => number } {
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      read += 1024;
      controller.enqueue(new Uint8Array(1024).fill(0x20));
    },
  }, { highWaterMark: 0 });
  return { stream, read: () => read };
}

Deno.test("readJsonBody() reads a body, declared length or not", async () => {
  const expected = { value: { user_id: "é" } };
  const text = '{"user_id":"é"}';
  assertEquals(await readJsonBody(post(text)), expected);
  assertEquals(
    await readJsonBody(post(text, { "content-length": "16" })),
    expected,
  );
  const bytes = new TextEncoder().encode(text);
  const chunks = ReadableStream.from([bytes.slice(0, 13), bytes.slice(13)]);
  assertEquals(await readJsonBody(post(chunks)), expected);
});

Deno.test("readJsonBody() refuses a declared length above the bound without reading", async () => {
  const { stream, read } = endless();
  const request = post(stream, {
    "content-length": String(MAX_BODY_BYTES + 1),
  });
  assertEquals(await readJsonBody(request), { refused: "too large" });
  assertEquals(read(), 0);
});

Deno.test("readJsonBody() stops reading an undeclared length at the bound", async () => {
  const { stream, read } = endless();
  assertEquals(await readJsonBody(post(stream)), { refused: "too large" });
  assertEquals(read() <= MAX_BODY_BYTES + 2048, true);
});

Deno.test("readJsonBody() takes a body of exactly the bound", async () => {
  const text = JSON.stringify("x".repeat(MAX_BODY_BYTES - 2));
  const read = await readJsonBody(post(text));
  assertEquals("value" in read && read.value, JSON.parse(text));
});

Deno.test("readJsonBody() refuses what is not JSON, without a word of it", async () => {
  const bodies: BodyInit[] = [
    "",
    "{",
    "secret",
    '{"a":1,"a":2}',
    "[".repeat(60_000),
    "[".repeat(40) + "]".repeat(40),
    new Uint8Array([0x22, 0xff, 0x22]),
    new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
  ];
  for (const body of bodies) {
    assertEquals(await readJsonBody(post(body)), { refused: "not JSON" });
  }
});

Deno.test("readJsonBody() refuses a body that breaks off", async () => {
  for (const headers of [{}, { "content-length": "50" }]) {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"user_id":'));
      },
      pull(controller) {
        controller.error(new Error("Connection is gone"));
      },
    }, { highWaterMark: 0 });
    assertEquals(await readJsonBody(post(stream, headers)), {
      refused: "not JSON",
    });
  }
});
