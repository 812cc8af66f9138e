/** One recipe of every source, published to every store: trained, served from the store, replaced. */
import { assert, assertEquals } from "@std/assert";
import { uriPermissions } from "../../core/storage/uri_permissions.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { type BookProject, bookProject } from "./book_project.ts";
import { BOOK_RECIPES } from "./book_sources.ts";
import { type Cloud, CLOUDS } from "./clouds.ts";
import { ServedBooks } from "./served_books.ts";

for (const [name, recipe] of Object.entries(BOOK_RECIPES)) {
  Deno.test(`recotem train publishes what it learns of ${name} in ${recipe.store}, recotem serve serves it and takes the next, and both ask for what is theirs alone`, async () => {
    await using cloud = await CLOUDS[recipe.store]!();
    await using source = await recipe.start(cloud);
    await using books = await bookProject(cloud, source);
    const { out } = await books.run(["permissions", "books.yaml", "--json"]);
    const granted = JSON.parse(out);
    const hosts = new Set([cloud.host, ...source.hosts]);
    assertEquals(granted.net, [...hosts].sort());
    assertEquals(granted.write, [`${books.folder.path}/locks`]);
    const validated = await books.run(["validate", "books.yaml"]);
    assertEquals(validated.code, 0, validated.err);
    const said = [validated.err];
    {
      using audit = new Audit();
      const { code, err } = await books.run(["train", "books.yaml"], audit.env);
      assertEquals(code, 0, err);
      const { refused, unused } = compareWithGrants(
        audit.asked(),
        granted,
        books.folder.path,
      );
      // SQLite opens its journals, when there are some, by itself.
      const idle = unused.filter((grant) => !/-(journal|shm|wal)$/.test(grant));
      assertEquals({ refused, idle }, { refused: [], idle: [] });
      said.push(err);
    }
    await serves(books, cloud, async () => {
      await books.lend("b3");
      const { code, err } = await books.run(["train", "books.yaml"]);
      assertEquals(code, 0, err);
      said.push(err);
    });
    for (const secret of [...source.secrets, ...cloud.secrets]) {
      assert(!said.join().includes(secret), said.join());
    }
  });
}

/** Serves the model; it is another one after `trainNext`. */
async function serves(
  books: BookProject,
  cloud: Cloud,
  trainNext: () => Promise<void>,
): Promise<void> {
  using audit = new Audit();
  let port: number;
  {
    await using served = await ServedBooks.start(books, audit.env);
    port = served.port;
    await served.untilFavourite("Emma");
    await trainNext();
    await served.untilFavourite("Persuasion");
  }
  const variables = uriPermissions(
    cloud.root,
    new Map(Object.entries(cloud.env)),
  );
  const granted = {
    read: ["recipes"],
    write: [],
    net: [`127.0.0.1:${port}`, cloud.host],
    env: ["RECOTEM_*", ...variables.env],
  };
  assertEquals(compareWithGrants(audit.asked(), granted, books.folder.path), {
    refused: [],
    unused: [],
  });
}
