import { assertEquals, assertMatch } from "@std/assert";
import { namesOf } from "../e2e/train_run.ts";
import { hostedCommand } from "./serve_command.ts";
import { answerOn, emptyFolder, ToldServer } from "./told_server.ts";

const SECOND = "2026-06-05T04:03:02Z";

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// The shortest interval between two looks is a second, so that this takes more than one.
Deno.test("deploy.ts looks at artifacts because a request comes, and never by itself", async () => {
  await using server = await ToldServer.start({}, hostedCommand);
  const first = await server.trainedAt();
  await server.publish({ trainedAt: SECOND });
  await sleep(1300);
  // Nothing has looked yet: this request is answered by the old model, and makes it look.
  assertEquals(await server.trainedAt(), first);
  await server.until("artifact_hot_swapped");
  assertEquals(await server.trainedAt(), SECOND);
  server.signal("SIGINT");
  assertEquals(await server.end(), 0);
});

// The runtime's listener takes from a half-sent request the body that has not come.
Deno.test("deploy.ts answers a request under way at SIGINT, half-sent ones with 422, and exits with 0", async () => {
  await using server = await ToldServer.start({}, hostedCommand);
  const slow = await server.ask('{"user', 100);
  await server.until("auth_anonymous_bypass_first_seen");
  server.signal("SIGINT");
  assertMatch(await answerOn(slow), /^HTTP\/1\.1 422 [^]*"json_invalid"/);
  assertEquals(await server.end(), 0);
  assertEquals(namesOf(server.told).at(-1), "serve_terminated");
});

Deno.test("deploy.ts takes no longer to stop than the drain time, and than hosts wait", async () => {
  for (const [seconds, most] of [["1", 1], ["30", 4]] as const) {
    const env = { RECOTEM_DRAIN_SECONDS: seconds };
    await using server = await ToldServer.start(env, hostedCommand);
    server.signal("SIGINT");
    assertEquals(await server.end(), 0);
    const stop = server.told.find(({ event }) => event === "serve_shutdown");
    assertEquals(stop?.drain_seconds, most);
  }
});

Deno.test("deploy.ts does not start without API keys where RECOTEM_ENV does not let everyone ask", async () => {
  await using folder = await emptyFolder();
  const { code, stderr } = await hostedCommand({
    folder: folder.path,
    port: 65_000,
    env: { RECOTEM_ENV: "" },
    stderr: "piped",
  }).output();
  const [line] = new TextDecoder().decode(stderr).split("\n");
  const told = JSON.parse(line!);
  assertEquals([code, told.event], [8, "serve_startup_failed"]);
  assertMatch(told.error, /^Error: RECOTEM_API_KEYS is not set/);
});
