/** Versions of artifacts in object stores, over the command line, and what is not there. */
import { assertEquals, assertMatch } from "@std/assert";
import { type BookProject, bookProject } from "./book_project.ts";
import { BOOK_RECIPES } from "./book_sources.ts";
import { CLOUDS } from "./clouds.ts";

for (const [scheme, start] of Object.entries(CLOUDS)) {
  const csv = BOOK_RECIPES[`csv from ${scheme}`]!;

  Deno.test(`recotem train keeps two versions in ${scheme}, and recotem prune one`, async () => {
    await using cloud = await start();
    await using books = await bookProject(cloud, await csv.start(cloud));
    await change(books, 'books.recotem"', 'books.recotem", keep: 2');
    const published: string[] = [];
    for (let run = 0; run < 3; run++) {
      const { code, err } = await books.run(["train", "books.yaml"]);
      assertEquals(code, 0, err);
      const artifact = /"artifact":"[^"]*\/([^"\/]+)"/.exec(err)![1]!;
      published.push(artifact);
      const names = (await Array.fromAsync(
        books.store.list(`${cloud.root}/out`),
      )).map(({ name }) => name).filter((name) => !/html|json/.test(name));
      assertEquals(
        names.sort(),
        ["books.recotem", ...published.slice(-2)].sort(),
      );
      // The clocks of some count in seconds.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const answered = await books.run([
      ...["recommend", `${cloud.root}/out/books.recotem`, "--limit=1"],
      ...["--users", `${cloud.root}/loans.csv`, "--column", "reader"],
      ...["--out", `${books.folder.path}/answers.csv`],
    ], { RECOTEM_LOG_LEVEL: "warn" });
    assertEquals([answered.code, answered.err], [0, ""]);
    assertMatch(answered.out, /: 30 rows for 30 users, 0 unknown\n$/);
    const { code, out, err } = await books.run([
      "prune",
      "books.yaml",
      "--keep=1",
    ], { RECOTEM_LOG_LEVEL: "warn" });
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out.split("\n").filter((uri) => uri.endsWith(".recotem")),
      [`${cloud.root}/out/${published[1]}`],
    );
  });

  Deno.test(`recotem tells what it cannot find in ${scheme}`, async () => {
    await using cloud = await start();
    await using books = await bookProject(cloud, await csv.start(cloud));
    const inspected = await books.run([
      "inspect",
      `${cloud.root}/out/books.recotem`,
    ]);
    assertEquals(inspected.code, 5);
    assertMatch(inspected.err, /books\.recotem does not exist/);
    await change(books, "loans.csv", "none.csv");
    for (const command of ["validate", "train"]) {
      const { code, err } = await books.run([command, "books.yaml"]);
      assertEquals(code, 3);
      assertMatch(err, /\/none\.csv: there is no such file/);
    }
  });
}

/** Changes the recipe. */
async function change(
  { folder }: BookProject,
  from: string,
  to: string,
): Promise<void> {
  const text = await Deno.readTextFile(`${folder.path}/books.yaml`);
  await folder.write("books.yaml", text.replace(from, to));
}
