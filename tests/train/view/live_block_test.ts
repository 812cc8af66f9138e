import { assert, assertEquals } from "@std/assert";
import { LiveBlock } from "../../../train/view/live_block.ts";
import { TestTerminal } from "./terminal.ts";

function lines(...texts: readonly string[]) {
  return texts.map((text) => ({ text }));
}

/** A block below a line that was there before it and one of its own. */
function shown(terminal: TestTerminal, ...texts: readonly string[]) {
  terminal.write("before\n");
  const block = new LiveBlock(terminal.screen);
  block.print("own\n");
  block.draw(lines(...texts));
  return block;
}

Deno.test("LiveBlock draws over its earlier lines, longer or shorter, more or fewer", async () => {
  const terminal = new TestTerminal(20, 10);
  const block = shown(terminal, "one one", "two", "three");
  block.draw(lines("1"));
  assertEquals(await terminal.text(), "before\nown\n1");
  block.draw(lines("uno", "due"));
  assertEquals(await terminal.text(), "before\nown\nuno\ndue");
  block.draw([]);
  assertEquals(await terminal.text(), "before\nown");
});

Deno.test("LiveBlock writes text that stays above its lines", async () => {
  const terminal = new TestTerminal(20, 10);
  const block = shown(terminal, "1", "2");
  block.print("said\nthis\n");
  block.draw(lines("3", "4"));
  assertEquals(await terminal.text(), "before\nown\nsaid\nthis\n3\n4");
});

Deno.test("LiveBlock stays one block when the screen scrolls below it", async () => {
  const terminal = new TestTerminal(20, 5);
  const block = shown(terminal, "1", "2", "3");
  for (let n = 0; n < 10; n++) {
    block.print(`said ${n}\n`);
    block.draw(lines(`1 ${n}`, "2", "3"));
  }
  const text = await terminal.text();
  assert(text.endsWith("said 8\nsaid 9\n1 9\n2\n3"), text);
  assertEquals(text.split("\n").length, 15);
});

Deno.test("LiveBlock cuts lines to the screen, wide characters counted as two, and leaves the last column free", async () => {
  const terminal = new TestTerminal(10, 10);
  shown(terminal, "a".repeat(30), "本棚の本棚の");
  assertEquals(
    await terminal.text(),
    `before\nown\n${"a".repeat(9)}\n本棚の本`,
  );
});

Deno.test("LiveBlock is never higher than the screen, and says what is missing", async () => {
  const terminal = new TestTerminal(40, 5);
  const block = new LiveBlock(terminal.screen);
  for (const n of ["first", "second"]) {
    block.draw(lines(...Array.from({ length: 9 }, (_, m) => `${n} ${m}`)));
  }
  assertEquals(
    await terminal.text(),
    "second 0\nsecond 1\nsecond 2\n  and 6 more lines",
  );
});

Deno.test("LiveBlock leaves nothing behind on a terminal that became narrower and broke its lines, nor when it is wide again", async () => {
  const terminal = new TestTerminal(40, 20);
  const block = shown(terminal, "a".repeat(39), "b".repeat(39));
  block.print("more\n");
  for (const [columns, width] of [[20, 19], [12, 11], [40, 39]] as const) {
    await terminal.resize(columns, 20);
    block.draw(lines("a".repeat(39), "b".repeat(39)));
    const text = await terminal.text();
    assertEquals(
      text,
      `before\nown\nmore\n${"a".repeat(width)}\n${"b".repeat(width)}`,
    );
  }
});

Deno.test("LiveBlock follows a resize with text that stays, too", async () => {
  const terminal = new TestTerminal(40, 20);
  const block = shown(terminal, "a".repeat(39));
  await terminal.resize(30, 20);
  block.print("said\n");
  assertEquals(
    await terminal.text(),
    `before\nown\nsaid\n${"a".repeat(29)}`,
  );
});

Deno.test("LiveBlock spares what was there before it on a terminal that cuts its lines when it becomes narrower", () => {
  let columns = 80;
  let last = "";
  const block = new LiveBlock({
    terminal: true,
    colour: false,
    size: () => ({ columns, rows: 24 }),
    write: (text) => last = text,
  });
  block.print("own\n");
  block.draw(lines("a".repeat(79), "b".repeat(79)));
  columns = 20;
  block.draw(lines("a", "b"));
  // Two rows of its own and the line above them; eight would be needed where lines are broken.
  assert(last.startsWith("\r\x1b[3A"), JSON.stringify(last));
});

Deno.test("LiveBlock writes nothing when nothing has changed", () => {
  const terminal = new TestTerminal(20, 10);
  const block = shown(terminal, "1", "2");
  const before = terminal.writes;
  block.draw(lines("1", "2"));
  assertEquals(terminal.writes, before);
});

Deno.test("LiveBlock colours lines where the screen has colours, and only writes text that stays where it is none", () => {
  const written: string[] = [];
  const screen = {
    terminal: true,
    colour: true,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text: string) => written.push(text),
  };
  new LiveBlock(screen).draw([{ text: "best", style: 32 }]);
  assert(written[0]!.includes("\x1b[32mbest\x1b[0m"), written[0]);
  written.length = 0;
  const plain = new LiveBlock({ ...screen, terminal: false });
  plain.draw(lines("moves"));
  plain.print("stays\n");
  assertEquals(written, ["stays\n"]);
});
