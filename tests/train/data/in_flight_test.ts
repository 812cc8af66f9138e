import { assertEquals, assertRejects } from "@std/assert";
import { inFlight } from "../../../train/data/in_flight.ts";

/** Tasks that end when told to, and which of them have been started. */
function controlled(sizes: readonly number[]) {
  const started: number[] = [];
  const ends = sizes.map(() => Promise.withResolvers<number>());
  const tasks = ends.map(({ promise }, i) => ({
    size: sizes[i]!,
    run() {
      started.push(i);
      return promise;
    },
  }));
  return { started, ends, tasks };
}

Deno.test("inFlight() gives results in the order of the tasks, with so many of them under way", async () => {
  const { started, ends, tasks } = controlled([1, 1, 1, 1, 1]);
  const results = inFlight(tasks, { tasks: 3, size: 9 });
  const first = results.next();
  assertEquals(started, [0, 1, 2]);
  ends[2]!.resolve(2);
  ends[1]!.resolve(1);
  ends[0]!.resolve(0);
  assertEquals((await first).value, 0);
  assertEquals(started, [0, 1, 2]);
  assertEquals((await results.next()).value, 1);
  assertEquals(started, [0, 1, 2, 3]);
  ends[3]!.resolve(3);
  ends[4]!.resolve(4);
  assertEquals(await Array.fromAsync(results), [2, 3, 4]);
});

Deno.test("inFlight() tells a failure in its turn, after the results before it", async () => {
  const { ends, tasks } = controlled([1, 1, 1]);
  const results = inFlight(tasks, { tasks: 3, size: 9 });
  const first = results.next();
  ends[1]!.reject(new Error("second"));
  ends[2]!.reject(new Error("third"));
  // Time in which an unheard failure would end the process.
  await new Promise((resolve) => setTimeout(resolve));
  ends[0]!.resolve(0);
  assertEquals((await first).value, 0);
  await assertRejects(() => results.next(), Error, "second");
});

Deno.test("inFlight() waits for what is under way when it is left early", async () => {
  const { started, ends, tasks } = controlled([1, 1, 1, 1, 1]);
  const results = inFlight(tasks, { tasks: 3, size: 9 });
  ends[0]!.resolve(0);
  await results.next();
  let left = false;
  const end = results.return(undefined).then(() => left = true);
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(left, false);
  ends[1]!.resolve(1);
  ends[2]!.resolve(2);
  await end;
  assertEquals(started, [0, 1, 2]);
});

Deno.test("inFlight() has no more under way than the limit of sizes allows, the result given last counted", async () => {
  const { started, ends, tasks } = controlled([4, 5, 3, 20, 1]);
  const results = inFlight(tasks, { tasks: 3, size: 9 });
  for (const [i, { resolve }] of ends.entries()) resolve(i);
  const underWay: number[][] = [];
  for await (const _ of results) underWay.push([...started]);
  assertEquals(underWay, [
    [0, 1],
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4],
  ]);
});
