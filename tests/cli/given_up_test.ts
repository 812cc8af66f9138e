import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { RecipeFolder } from "./recipe_folder.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** Runs before the command line, and tells at its end which permissions its process still holds. */
const WITNESS = `globalThis.addEventListener("unload", () => {
  const kinds = ["read", "write", "net", "env", "run", "sys", "ffi"];
  const held = kinds.filter((name) => Deno.permissions.querySync({ name }).state === "granted");
  console.error("held: " + held.join(" "));
});`;

for (
  const [command, held] of [
    [["keygen"], "read env"],
    [["validate", "books.yaml"], "read env"],
    [["inspect", "books.recotem"], "read env"],
    [["train", "books.yaml"], ""],
    [["serve", "--recipes", "."], ""],
    // To start again a worker that dies.
    [["serve", "--recipes", ".", "--workers", "2"], "run"],
    [["recommend", "books.recotem", "--all", "--out", "a.csv"], ""],
    [["prune", ".", "--keep", "1"], ""],
  ] as const
) {
  Deno.test(`recotem ${command[0]} gives up every permission but ${held || "none"}, although it was started with all`, async () => {
    await using folder = await RecipeFolder.make();
    await folder.write("witness.ts", WITNESS);
    // A port that cannot be had: the server ends at once.
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--preload", "./witness.ts", MAIN, ...command],
      cwd: folder.path,
      env: { RECOTEM_PORT: String(taken.addr.port) },
      stdout: "null",
    }).output();
    const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
    assertEquals(lines.at(-1), `held: ${held}`.trimEnd());
  });
}
