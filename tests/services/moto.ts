import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { runCommand } from "./run_command.ts";
import { Service, type ServiceProgram } from "./service.ts";

const NAME = "moto-5.2.5";
const MAKE_USER: string = fromFileUrl(
  import.meta.resolve("./make_iam_user.py"),
);
const PYTHON: string = fromFileUrl(
  import.meta.resolve(`../../.services/${NAME}/bin/python`),
);

/** An S3 server. */
export const MOTO: ServiceProgram = {
  name: NAME,
  install: [
    ["python3", "-m", "venv", "."],
    ["bin/pip", "install", "--quiet", "moto[server]==5.2.5"],
  ],
  start: (port) => ["bin/moto_server", "-H", "127.0.0.1", "-p", String(port)],
};

/** Starts an S3 server. */
export function startMoto(): Promise<Service> {
  return Service.start(MOTO);
}

/** Makes a user of the server's who may do all in S3. */
export async function makeUser(
  { url }: Service,
): Promise<{ id: string; secret: string }> {
  const printed = await runCommand([PYTHON, MAKE_USER, url]);
  const [id, secret] = printed.trim().split(" ");
  return { id: id!, secret: secret! };
}

/** From here on every request must be signed by somebody who may. */
export async function requireSignatures({ url }: Service): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset-auth`, {
    method: "POST",
    body: "0",
  });
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
}
