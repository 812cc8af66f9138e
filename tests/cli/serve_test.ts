import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "./recipe_folder.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** A port that nothing listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Asks until the server answers. */
async function waitFor(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`recotem serve asks for what it is granted and nothing else, answers, and stops at ${signal}`, async () => {
    await using folder = await RecipeFolder.make();
    await Deno.mkdir(`${folder.path}/recipes`);
    await Deno.mkdir(`${folder.path}/models`);
    await Deno.rename(
      `${folder.path}/books.yaml`,
      `${folder.path}/recipes/books.yaml`,
    );
    using audit = new Audit();
    const port = freePort();
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "serve", "--recipes", "recipes"],
      cwd: folder.path,
      env: {
        ...audit.env,
        RECOTEM_PORT: String(port),
        RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const response = await waitFor(`http://127.0.0.1:${port}/health`);
    await response.body?.cancel();
    process.kill(signal);
    assertEquals((await process.status).code, 0);
    const granted = {
      read: ["recipes", "models"],
      write: [],
      net: [`127.0.0.1:${port}`],
      env: ["RECOTEM_*"],
    };
    assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
      refused: [],
      unused: [],
    });
  });
}

Deno.test("recotem serve listens where Vertex AI says, and asks for its variables and nothing else", async () => {
  await using folder = await RecipeFolder.make();
  await Deno.mkdir(`${folder.path}/recipes`);
  using audit = new Audit();
  const port = freePort();
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "serve"],
    cwd: folder.path,
    env: {
      ...audit.env,
      RECOTEM_RECIPES: "recipes",
      RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
      AIP_HTTP_PORT: String(port),
      AIP_HEALTH_ROUTE: "/alive",
      AIP_PREDICT_ROUTE: "/guess",
    },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const response = await waitFor(`http://127.0.0.1:${port}/alive`);
  assertEquals([response.status, await response.text()], [200, "{}"]);
  const closed = await fetch(`http://127.0.0.1:${port}/models`);
  await closed.body?.cancel();
  assertEquals(closed.status, 401);
  process.kill("SIGTERM");
  assertEquals((await process.status).code, 0);
  const granted = {
    read: ["recipes"],
    write: [],
    net: [`127.0.0.1:${port}`],
    env: [
      "RECOTEM_*",
      "AIP_HTTP_PORT",
      "AIP_HEALTH_ROUTE",
      "AIP_PREDICT_ROUTE",
    ],
  };
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
});
