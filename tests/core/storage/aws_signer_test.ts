import { assertEquals } from "@std/assert";
import { AwsSigner } from "../../../core/storage/aws_signer.ts";
import { temporaryFile } from "./own_network.ts";

const MINUTE = 60_000;

function profile(key: string, token: string): string {
  return `[default]
aws_access_key_id = ${key}
aws_secret_access_key = secret
${token}`;
}

/** The keys in a profile's file, after it has been changed, that requests so many milliseconds later are signed with. */
async function keysAt(times: readonly number[], token: string) {
  await using file = await temporaryFile("credentials", profile("OLD", token));
  let time = 1_000_000;
  const signer = new AwsSigner({
    region: "us-east-1",
    identity: {
      type: "profile",
      file: file.path,
      name: "default",
      atHome: false,
    },
    now: () => time,
  });
  const start = time;
  const sign = async () => {
    const { headers } = await signer.sign(new URL("http://127.0.0.1/a"), {});
    const [, key] = /Credential=(\w+)/.exec(headers.get("authorization")!)!;
    return key;
  };
  assertEquals(await sign(), "OLD");
  await Deno.writeTextFile(file.path, profile("NEW", token));
  const keys: unknown[] = [];
  for (const each of times) {
    time = start + each;
    keys.push(await sign());
  }
  return keys;
}

Deno.test("AwsSigner reads a profile with a session token again after a minute", async () => {
  const keys = await keysAt([MINUTE - 1, MINUTE], "aws_session_token = token");
  assertEquals(keys, ["OLD", "NEW"]);
});

Deno.test("AwsSigner keeps the keys of a profile without a session token", async () => {
  assertEquals(await keysAt([1000 * MINUTE], ""), ["OLD"]);
});
