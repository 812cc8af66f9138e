/** What `recotem serve` does when the object store fails that it takes models from. */
import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { bookProject } from "./book_project.ts";
import { BOOK_RECIPES } from "./book_sources.ts";
import { CLOUDS } from "./clouds.ts";
import { type HttpFault, HttpFaultProxy } from "./http_fault_proxy.ts";
import { ServedBooks } from "./served_books.ts";

const FAULTS: Readonly<Record<string, HttpFault>> = {
  "status 403": { status: 403 },
  "status 404": { status: 404 },
  "status 500": { status: 500 },
  "a connection that is cut in mid-body": { cutAfter: 10 },
  "a body that stalls": { stallAfter: 10 },
  "a server that says nothing": "silence",
};

for (const [kind, start] of Object.entries(CLOUDS)) {
  Deno.test(`recotem serve keeps its model while ${kind} fails, and takes the next when it does not`, async (t) => {
    await using cloud = await start();
    const csv = await BOOK_RECIPES[`csv from ${kind}`]!.start(cloud);
    await using books = await bookProject(cloud, csv);
    const train = async (favourite: string) => {
      await books.lend(favourite);
      const { code, err } = await books.run(["train", "books.yaml"]);
      assertEquals(code, 0, err);
    };
    await train("b2");
    let fault: HttpFault | null = null;
    let hits = 0;
    await using proxy = new HttpFaultProxy(cloud.port, () => {
      if (fault !== null) hits++;
      return fault;
    });
    await using served = await ServedBooks.start(books, {
      ...cloud.through(proxy.port),
      RECOTEM_HTTP_TIMEOUT_SECONDS: "1",
    });
    await served.untilFavourite("Emma");
    let now = { book: "b2", title: "Emma" };
    let next = { book: "b3", title: "Persuasion" };
    for (const [problem, each] of Object.entries(FAULTS)) {
      await t.step(problem, async () => {
        [fault, hits] = [each, 0];
        await train(next.book);
        while (hits === 0) await delay(50);
        assertEquals(await served.favourite(), now.title);
        fault = null;
        await served.untilFavourite(next.title);
        [now, next] = [next, now];
      });
    }
  });
}
