import { assertEquals, assertRejects } from "@std/assert";
import { FileStore } from "../../../core/storage/file_store.ts";
import { readAhead } from "../../../train/data/read_ahead.ts";
import { temporaryFile } from "./source_files.ts";

Deno.test("readAhead() asks for the next chunk before the consumer is done with one, and for no further", async () => {
  let asked = 0;
  const chunks = readAhead(
    new ReadableStream({
      pull(controller) {
        asked++;
        if (asked <= 3) controller.enqueue(Uint8Array.of(asked));
        else controller.close();
      },
    }, { highWaterMark: 0 }),
  );
  assertEquals((await chunks.next()).value, Uint8Array.of(1));
  assertEquals(asked, 2);
  assertEquals(await Array.fromAsync(chunks), [
    Uint8Array.of(2),
    Uint8Array.of(3),
  ]);
});

Deno.test("readAhead() tells a failure after the chunks before it", async () => {
  let asked = 0;
  const chunks = readAhead(
    new ReadableStream({
      pull(controller) {
        if (asked++ > 0) throw new Error("broken off");
        controller.enqueue(Uint8Array.of(1));
      },
    }, { highWaterMark: 0 }),
  );
  assertEquals((await chunks.next()).value, Uint8Array.of(1));
  // Time in which an unheard failure would end the process.
  await new Promise((resolve) => setTimeout(resolve));
  await assertRejects(() => chunks.next(), Error, "broken off");
});

Deno.test("readAhead() closes a file that is left early, while it is being read", async () => {
  await using file = await temporaryFile("a.csv", new Uint8Array(2 ** 20));
  for await (const chunk of readAhead(await new FileStore().read(file.path))) {
    assertEquals(chunk.length, 2 ** 18);
    break;
  }
  // What is left open fails this test.
});
