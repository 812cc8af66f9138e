/** How many versions training leaves, over the real command line. */
import { assertEquals, assertMatch } from "@std/assert";
import { Audit, compareWithGrants } from "../audit.ts";
import { recotem } from "../cli/recotem.ts";
import { ENV, loansFolder, QUICK, recipe, trainBooks } from "./train_run.ts";

Deno.test("recotem train keeps output.keep versions, the new one among them, and asks for no more than its recipe grants", async () => {
  await using folder = await loansFolder(
    recipe({
      training: QUICK,
      output: "output: { path: models/books.recotem, keep: 2 }",
    }),
  );
  const models = `${folder.path}/models`;
  await Deno.mkdir(models);
  await folder.write("models/books.0000000a.recotem", "notes, not a model");
  await folder.write("models/other.0000000a.recotem", "RECOTEM\0");
  const granted = JSON.parse(
    (await recotem(["permissions", "books.yaml", "--json"], {
      cwd: folder.path,
    })).out,
  );
  const published: string[] = [];
  const removed: unknown[] = [];
  for (let run = 0; run < 3; run++) {
    using audit = new Audit();
    const { code, events } = await trainBooks(folder, [], {
      env: { ...ENV, ...audit.env },
    });
    assertEquals(code, 0);
    assertEquals(
      compareWithGrants(audit.asked(), granted, folder.path).refused,
      [],
    );
    const told = (name: string) => events.find(({ event }) => event === name)!;
    published.push(String(told("artifact_written").artifact));
    removed.push(told("versions_pruned").removed);
  }
  const withReport = (artifact: string) => [
    ...[".report.html", ".report.json", ""].map((end) => artifact + end),
  ];
  assertEquals(removed, [[], [], withReport(published[0]!)]);
  const names = (await Array.fromAsync(Deno.readDir(models)))
    .map(({ name }) => name).filter((name) => !name.endsWith(".lock"));
  assertEquals(
    names.sort(),
    [
      "books.0000000a.recotem",
      "books.recotem",
      "other.0000000a.recotem",
      ...published.slice(1).flatMap(withReport)
        .map((uri) => uri.split("/").at(-1)!),
    ].sort(),
  );
});

Deno.test("recotem train exits with 0 and tells when old versions cannot be removed", async () => {
  await using folder = await loansFolder(
    recipe({
      training: QUICK,
      output: "output: { path: models/books.recotem, keep: 1 }",
    }),
  );
  // Small, so it may be a pointer, and cannot be read.
  await Deno.mkdir(`${folder.path}/models`);
  await Deno.symlink("loop", `${folder.path}/models/loop`);
  const { code, events } = await trainBooks(folder);
  assertEquals([code, events.at(-1)!.event], [0, "train_done"]);
  const warning = events.find(({ event }) => event === "versions_not_pruned")!;
  assertEquals(warning.level, "warning");
  assertMatch(String(warning.error), /^Error: Cannot remove old versions of /);
});
