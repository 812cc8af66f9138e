import { assertEquals, assertMatch } from "@std/assert";
import { RecipeFolder } from "./recipe_folder.ts";
import { recotem } from "./recotem.ts";

const NO_BASE = { DENORT_BIN: "/no/such/denort" };

for (
  const argv of [["train", "books.yaml"], ["serve", "--recipes", "."]]
) {
  Deno.test(`recotem compile ${argv[0]} does all but the last step without a base executable, and says so`, async () => {
    await using cwd = await RecipeFolder.make();
    const options = { cwd: cwd.path, env: NO_BASE };
    const { code, out, err } = await recotem(["compile", ...argv], options);
    assertMatch(err, /^Not compiled: .*\/no\/such\/denort.*\n$/);
    assertEquals([code, out], [0, ""]);
    const required = await recotem(["compile", "--require", ...argv], options);
    assertEquals([required.code, required.err], [1, err]);
  });
}

Deno.test("recotem compile train refuses a recipe that cannot be used, rather than build in no permissions", async () => {
  await using cwd = await RecipeFolder.make("name: books\n");
  const { code, out } = await recotem(["compile", "train", "books.yaml"], {
    cwd: cwd.path,
    env: NO_BASE,
  });
  assertEquals([code, out], [2, ""]);
});

Deno.test({
  name:
    "recotem compile serve makes an executable with its permissions in it (where DENORT_BIN names a base executable)",
  ignore: Deno.env.get("DENORT_BIN") === undefined,
  async fn() {
    await using cwd = await RecipeFolder.make();
    const argv = [
      "compile",
      "--require",
      "--output=serve",
      "serve",
      "--recipes=.",
    ];
    const made = await recotem(argv, { cwd: cwd.path });
    assertEquals(made, { code: 0, out: "serve\n", err: "" });
    const { code, stdout } = await new Deno.Command(`${cwd.path}/serve`, {
      args: ["--help"],
      cwd: cwd.path,
    }).output();
    assertMatch(new TextDecoder().decode(stdout), /^Answers recommendations/);
    assertEquals(code, 0);
  },
});
