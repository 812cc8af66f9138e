/** What S3Store does beside what it has in common with the other object stores. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Store } from "../../../core/storage/s3_store.ts";
import { temporaryFile } from "./own_network.ts";
import { s3, stored } from "./s3_server.ts";
import { answer, WebServer } from "./web_server.ts";

Deno.test("S3Store gives up after four failures of the service", async () => {
  await using server = new WebServer(() => answer("", { status: 500 }));
  await assertRejects(
    () => s3(server).stat("s3://bucket/a"),
    Error,
    "answered s3://bucket/a with status 500",
  );
  assertEquals(server.requests.length, 4);
});

Deno.test("S3Store takes a failure that is told in the body of a finished upload", async () => {
  const outcomes: [string, string][] = [
    ["PreconditionFailed", "was changed by another run"],
    ["InternalError", "did not finish s3://bucket/a: InternalError"],
  ];
  for (const [code, message] of outcomes) {
    await using server = new WebServer(({ method, path }) => {
      if (path.endsWith("?uploads=")) {
        return answer("<UploadId>1</UploadId>");
      }
      if (method === "HEAD") return stored("");
      return method === "POST"
        ? answer(`<?xml version="1.0"?>\n<Error><Code>${code}</Code></Error>`)
        : stored("");
    });
    await assertRejects(
      () =>
        s3(server).write("s3://bucket/a", [new Uint8Array(9_000_000)], {
          ifVersion: { marker: '"7"', size: 1 },
        }),
      Error,
      message,
    );
    assertEquals(server.requests.at(-1)?.method, "DELETE");
  }
});

Deno.test("S3Store sends the session token, and the digest of what it stores", async () => {
  await using server = new WebServer(() => stored(""));
  await s3(server, 60, { AWS_SESSION_TOKEN: "session" }).write(
    "s3://bucket/a",
    [
      new TextEncoder().encode("abc"),
    ],
  );
  const { headers, body, path } = server.requests[0]!;
  assertEquals([path, body], ["/bucket/a", "abc"]);
  assertEquals(headers.get("x-amz-security-token"), "session");
  assertEquals(
    headers.get("x-amz-content-sha256"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  const authorization = headers.get("authorization")!;
  assert(authorization.includes("/us-east-1/s3/aws4_request"));
});

/** What a credentials' server answers; good for `minutes`. */
function keys(minutes: number): string {
  return answer(JSON.stringify({
    AccessKeyId: "CONTAINER",
    SecretAccessKey: "example",
    Token: "session",
    Expiration: new Date(Date.now() + 60_000 * minutes).toISOString(),
  }));
}

Deno.test("S3Store asks a container's credentials' server, and again before they run out", async () => {
  for (const [minutes, times] of [[60, 1], [4, 2]] as const) {
    await using server = new WebServer(({ path }) =>
      path === "/keys" ? keys(minutes) : stored("")
    );
    await using token = await temporaryFile("token", "granted\n");
    const url = `http://127.0.0.1:${server.port}`;
    const store = new S3Store(
      new Map([
        ["AWS_ENDPOINT_URL", url],
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI", `${url}/keys`],
        ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.path],
      ]),
    );
    for (let i = 0; i < 2; i++) await store.stat("s3://bucket/a");
    const asked = server.requests.filter(({ path }) => path === "/keys");
    assertEquals(asked.length, times);
    assertEquals(asked[0]!.headers.get("authorization"), "granted");
    const { headers } = server.requests.at(-1)!;
    assertEquals(headers.get("x-amz-security-token"), "session");
    assert(headers.get("authorization")!.includes("Credential=CONTAINER/"));
  }
});

Deno.test("S3Store tells when it is given no credentials, and does not ask again and again", async () => {
  await using server = new WebServer(() => answer("secret", { status: 500 }));
  const url = `http://127.0.0.1:${server.port}`;
  const store = new S3Store(
    new Map([
      ["AWS_ENDPOINT_URL", url],
      ["AWS_CONTAINER_CREDENTIALS_FULL_URI", `${url}/keys`],
    ]),
  );
  const error = await assertRejects(
    () => store.stat("s3://bucket/a"),
    Deno.errors.PermissionDenied,
    "answered with status 500",
  );
  assertEquals(error.message.includes("secret"), false);
  assertEquals(server.requests.length, 1);
});
