import { assertEquals, assertRejects } from "@std/assert";
import { readAwsProfile } from "../../../core/storage/read_aws_profile.ts";

const FILE = `# keys of the shop
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key=a/b+c=

; another
[ shop.eu ]\r
AWS_ACCESS_KEY_ID = AKIASHOP
aws_secret_access_key = secret # not a comment
aws_session_token = token
s3 =
  max_concurrent_requests = 20
[role]
role_arn = arn:aws:iam::1:role/x
`;

async function read(name: string, text: string = FILE) {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    return await readAwsProfile({ file, name });
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("readAwsProfile() reads the keys of the profile that is named", async () => {
  assertEquals(await read("default"), {
    accessKeyId: "AKIADEFAULT",
    secretAccessKey: "a/b+c=",
  });
  assertEquals(await read("shop.eu"), {
    accessKeyId: "AKIASHOP",
    secretAccessKey: "secret # not a comment",
    sessionToken: "token",
  });
});

Deno.test("readAwsProfile() says what is missing and repeats nothing of the file", async () => {
  for (
    const [name, message] of [
      ["nobody", "has no profile of the name in AWS_PROFILE"],
      ["role", "profiles of a role or of single sign-on are not followed"],
    ] as const
  ) {
    const error = await assertRejects(
      () => read(name),
      Deno.errors.PermissionDenied,
      message,
    );
    assertEquals(/AKIA|secret #|arn:/.test(error.message), false);
  }
  await assertRejects(
    () => readAwsProfile({ file: "/nowhere/credentials", name: "default" }),
    Deno.errors.PermissionDenied,
    "cannot be read: NotFound",
  );
});
