import { assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { ACCOUNT, ACCOUNT_KEY } from "./azurite.ts";
import type { Service } from "./service.ts";

/** Creates a container; the request is signed by hand, word for word as the service's documentation has it. */
export async function createContainer(
  server: Service,
  container: string,
): Promise<void> {
  const date = new Date().toUTCString();
  const text = "PUT\n\n\n\n\n\n\n\n\n\n\n\n" +
    `x-ms-date:${date}\nx-ms-version:2023-11-03\n` +
    `/${ACCOUNT}/${ACCOUNT}/${container}\nrestype:container`;
  const signature = createHmac("sha256", Uint8Array.fromBase64(ACCOUNT_KEY))
    .update(text).digest("base64");
  const answer = await fetch(
    `${server.url}/${ACCOUNT}/${container}?restype=container`,
    {
      method: "PUT",
      headers: {
        "x-ms-date": date,
        "x-ms-version": "2023-11-03",
        authorization: `SharedKey ${ACCOUNT}:${signature}`,
      },
    },
  );
  await answer.body?.cancel();
  assertEquals(answer.status, 201);
}
