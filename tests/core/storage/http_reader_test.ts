import { assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { HttpReader } from "../../../core/storage/http_reader.ts";

/** What a connection gives that delivers `text` in pieces of these sizes, the last one again and again. */
function pieces(
  text: string,
  sizes: readonly number[],
): { read(buffer: Uint8Array): Promise<number | null> } {
  let rest = Uint8Array.from(text, (char) => char.charCodeAt(0));
  let n = 0;
  return {
    read(buffer) {
      if (rest.length === 0) return Promise.resolve(null);
      const size = sizes[Math.min(n++, sizes.length - 1)]!;
      const part = rest.subarray(0, Math.min(size, buffer.length));
      buffer.set(part);
      rest = rest.subarray(part.length);
      return Promise.resolve(part.length);
    },
  };
}

async function read(
  text: string,
  sizes: readonly number[] = [1000],
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const reader = new HttpReader(pieces(text, sizes));
  const { status, headers } = await reader.head();
  let body = "";
  for await (const part of reader.body()) {
    body += String.fromCharCode(...part);
  }
  return { status, headers: { ...headers }, body };
}

const BODY = "0123456789\r\n\r\nabc\n";
const CHUNKED = `5\r\n${BODY.slice(0, 5)}\r\n${
  (BODY.length - 5).toString(16).toUpperCase()
};x=y\r\n${BODY.slice(5)}\r\n0\r\n\r\n`;
const ANSWERS: Readonly<Record<string, string>> = {
  "a length":
    `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}left over`,
  "chunks":
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED}left over`,
  "nothing": `HTTP/1.0 200\r\nX: y\r\n\r\n${BODY}`,
  "an interim answer before":
    `HTTP/1.1 103 Early Hints\r\nLink: z\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
};

for (const [what, answer] of Object.entries(ANSWERS)) {
  Deno.test(`HttpReader reads a body whose end is told by ${what}, however it is cut`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (sizes) => {
          const { status, body } = await read(answer, sizes);
          assertEquals([status, body], [200, BODY]);
        },
      ),
      { numRuns: 50 },
    );
  });
}

Deno.test("HttpReader gives names in lower case, values trimmed, and joins what comes twice", async () => {
  const { headers } = await read(
    'HTTP/1.1 304 Not Modified\nETag:  "a" \r\nVary: b\r\nvary: c\r\n__proto__: d\r\n\r\n',
  );
  assertEquals(headers, {
    etag: '"a"',
    vary: "b, c",
    ["__proto__"]: "d",
  });
});

Deno.test("HttpReader takes no body for what has none", async () => {
  for (const status of [204, 304]) {
    const text = `HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`;
    assertEquals((await read(text)).body, "");
  }
});

Deno.test("HttpReader refuses what breaks off, wherever it does", async () => {
  for (const what of ["a length", "chunks"]) {
    const whole = ANSWERS[what]!.slice(0, -"left over".length);
    // The line after the last chunk says nothing any more.
    const needed = what === "chunks" ? whole.length - 2 : whole.length;
    for (let end = 0; end < needed; end++) {
      await assertRejects(() => read(whole.slice(0, end)), Error, "", whole);
    }
  }
});

for (
  const [what, text] of [
    ["another protocol", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n"],
    [
      "a carriage return within a header",
      'HTTP/1.1 200 OK\r\nETag: "a"\rX-Evil: 1\r\n\r\n',
    ],
    ["a header with a zero byte", "HTTP/1.1 200 OK\r\nETag: \0\r\n\r\n"],
    [
      "a head without an end",
      `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(20_000)}`,
    ],
    ["a line without an end", "a".repeat(100_000)],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    [
      "lengths that differ",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
    [
      "a chunk that is longer than it says",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    ],
    [
      "a chunk without a length",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ],
  ] as const
) {
  Deno.test(`HttpReader refuses ${what}`, async () => {
    await assertRejects(() => read(text), Error);
  });
}
