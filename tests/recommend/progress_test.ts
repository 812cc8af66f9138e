import { assertEquals } from "@std/assert";
import { ProgressTeller } from "../../recommend/progress.ts";
import { recordEvents } from "../artifact/record_events.ts";

/** Tells of users at times, in seconds. */
function told(
  steps: readonly (readonly [seconds: number, users: number])[],
  { total, onTerminal }: { total: number | null; onTerminal: boolean },
): { events: unknown[]; lines: string[] } {
  const { events, recorded } = recordEvents();
  const lines: string[] = [];
  let time = 0;
  const progress = new ProgressTeller({
    ...{ total, events, start: 1000, now: () => time },
    terminal: onTerminal ? (text) => lines.push(text) : null,
  });
  for (const [seconds, users] of steps) {
    time = 1000 * seconds;
    progress.tell(users);
  }
  progress.end();
  return { events: recorded.map(({ fields }) => fields), lines };
}

Deno.test("ProgressTeller tells an event now and then, and the speed of this run", () => {
  const { events, lines } = told(
    [[1, 2000], [6, 7000], [7, 8000], [11, 8500]],
    {
      total: 9000,
      onTerminal: false,
    },
  );
  assertEquals(events, [
    { users: 7000, total: 9000, users_per_second: 1000 },
    { users: 8500, total: 9000, users_per_second: 682 },
  ]);
  assertEquals(lines, []);
});

Deno.test("ProgressTeller writes one line over and over on a terminal, and takes it away", () => {
  const { events, lines } = told([[1, 3000], [1.01, 3500], [2, 4000]], {
    total: 9000,
    onTerminal: true,
  });
  assertEquals(events, []);
  assertEquals(lines, [
    "\r\x1b[K3,000 users of 9,000, 33 %, 2,000 a second",
    "\r\x1b[K4,000 users of 9,000, 44 %, 1,500 a second",
    "\r\x1b[K",
  ]);
});

Deno.test("ProgressTeller says nothing of a whole that it does not know", () => {
  const unknown = { total: null } as const;
  assertEquals(
    told([[6, 7000]], { ...unknown, onTerminal: false }).events,
    [{ users: 7000, users_per_second: 1000 }],
  );
  assertEquals(
    told([[6, 7000]], { ...unknown, onTerminal: true }).lines[0],
    "\r\x1b[K7,000 users, 1,000 a second",
  );
});
