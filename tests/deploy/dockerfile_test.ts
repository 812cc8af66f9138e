import { assert, assertEquals } from "@std/assert";
import { moduleGraph, reachable } from "../../tools/module_graph.ts";

const ROOT = new URL("../..", import.meta.url);

/** Instruction → the rest of each of its lines, continuation lines joined. */
async function instructions(role: string): Promise<Map<string, string[]>> {
  const file = new URL(`deploy/${role}.Dockerfile`, ROOT);
  const text = (await Deno.readTextFile(file)).replaceAll("\\\n", "");
  const found = new Map<string, string[]>();
  for (const [, name, rest] of text.matchAll(/^([A-Z]+) (.*)$/gm)) {
    found.set(name!, [...found.get(name!) ?? [], rest!]);
  }
  return found;
}

for (const role of ["train", "serve"]) {
  const other = role === "train" ? "serve" : "train";

  Deno.test(`${role}.Dockerfile copies every module that ${role} reaches, and no folder of ${other}`, async () => {
    const copied = (await instructions(role)).get("COPY")!
      .flatMap((line) => line.split(" ").slice(0, -1));
    assert(!copied.includes(other));
    const entry = `${role}/main.ts`;
    const missing = [...reachable(await moduleGraph(ROOT, entry), entry)]
      .filter((path) =>
        !copied.some((folder) => path.startsWith(`${folder}/`))
      );
    assertEquals(missing, []);
  });

  Deno.test(`${role}.Dockerfile ends as user 1000 in /workspace and starts the command line`, async () => {
    const found = await instructions(role);
    assertEquals(found.get("USER"), ["1000:1000"]);
    assertEquals(found.get("WORKDIR")!.at(-1), "/workspace");
    assertEquals(
      JSON.parse(found.get("ENTRYPOINT")![0]!).at(-1),
      "/app/cli/main.ts",
    );
    assertEquals(JSON.parse(found.get("CMD")!.at(-1)!)[0], role);
  });
}

Deno.test("the Dockerfiles start from one exact version of Deno", async () => {
  const train = (await instructions("train")).get("FROM")!;
  const serve = (await instructions("serve")).get("FROM")!;
  assertEquals(train, serve);
  assert(/^denoland\/deno:\d+\.\d+\.\d+$/.test(train[0]!));
});
