/**
 * All checks of Schemathesis, a fuzzer of HTTP APIs, in all its phases, by the document that the server gives of itself.
 * `RECOTEM_FUZZ_SECONDS=300` makes it five minutes in place of one, and prints what was done.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { apiKeyDigest } from "../../serve/api_keys.ts";
import { ToldServer } from "../serve/told_server.ts";
import { SCHEMATHESIS } from "./schemathesis.ts";
import { install } from "./service.ts";

const SECONDS = Number(Deno.env.get("RECOTEM_FUZZ_SECONDS") ?? 60);
/** Time that all phases fit in. */
const WHOLE_SECONDS = 300;
const PHASES = ["Examples", "Coverage", "Fuzzing", "Stateful"];
const CONFIG = fromFileUrl(import.meta.resolve("./schemathesis.toml"));
const KEY = "k".repeat(43);

Deno.test(`the API keeps what its document says, for ${SECONDS} s of Schemathesis`, async () => {
  const folder = await install(SCHEMATHESIS);
  await using server = await ToldServer.start({
    RECOTEM_ENV: "test",
    RECOTEM_API_KEYS: `fuzz:sha256:${apiKeyDigest(KEY).toHex()}`,
  });
  const ended = server.end();
  const { success, stdout } = await new Deno.Command(`${folder}/bin/st`, {
    args: [
      `--config-file=${CONFIG}`,
      "run",
      "--checks=all",
      `--phases=${PHASES.join().toLowerCase()}`,
      `--max-time=${SECONDS}`,
      "--no-color",
      `--header=X-API-Key: ${KEY}`,
      `http://127.0.0.1:${server.port}/openapi.json`,
    ],
    cwd: await Deno.makeTempDir(),
    stderr: "inherit",
  }).output();
  const report = new TextDecoder().decode(stdout);
  assertEquals(success, true, report);
  if (SECONDS >= WHOLE_SECONDS) {
    for (const phase of PHASES) assertMatch(report, RegExp(`✅ ${phase}\\n`));
  }
  if (Deno.env.has("RECOTEM_FUZZ_SECONDS")) Deno.stdout.writeSync(stdout);
  server.signal();
  assertEquals(await ended, 0);
  assertEquals(server.told.filter(({ level }) => level === "error"), []);
});
