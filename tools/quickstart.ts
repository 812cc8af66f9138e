/**
 * From orders to recommendations in one command: trains the retail recipe, serves the artifact, asks for three
 * customers and stops. Touches this folder and the loopback address, nothing else.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { developmentKeys } from "./quickstart/development_keys.ts";
import { eventLines } from "./quickstart/event_lines.ts";
import { type Customer, someCustomers } from "./quickstart/purchases.ts";
import { liveView } from "../train/view/live_view.ts";

const RECIPE = "recipes/retail/recipe.yaml";
const CUSTOMERS_WITH = [8, 20, 60];
const RECOMMENDED = 5;

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** Starts a command of the command line; its events come as JSON lines on standard error. */
function recotem(args: readonly string[], keys: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-prompt", "cli/main.ts", ...args],
    clearEnv: true,
    env: {
      // Keys of a real server would ask every request for one.
      ...withoutVariable(Deno.env.toObject(), "RECOTEM_API_KEYS"),
      RECOTEM_SIGNING_KEYS: keys,
      RECOTEM_LOG_FORMAT: "json",
      RECOTEM_LOG_LEVEL: "debug",
    },
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  }).spawn();
}

function withoutVariable(
  variables: Readonly<Record<string, string>>,
  name: string,
): Record<string, string> {
  const { [name]: _, ...others } = variables;
  return others;
}

async function train(keys: string): Promise<void> {
  const child = recotem(["train", RECIPE], keys);
  using view = liveView(Deno.stdout);
  for await (
    const event of eventLines(child.stderr, (line) => write(`${line}\n`))
  ) view.show(event);
  const { code } = await child.status;
  if (code !== 0) Deno.exit(code);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function serve(
  keys: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const port = freePort();
  const started = performance.now();
  const child = recotem(
    ["serve", "--recipes", "recipes/retail", "--port", String(port)],
    keys,
  );
  const listening = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const { event, fields } of eventLines(child.stderr, () => {})) {
      if (event === "serve_listening") listening.resolve();
      if (event === "serve_startup_failed") listening.reject(fields.error);
    }
    listening.reject("The server stopped before it listened");
  })();
  try {
    await listening.promise;
    write(
      `Serving   http://127.0.0.1:${port}/predict/retail after ${
        Math.round(performance.now() - started)
      } ms\n\n`,
    );
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill("SIGTERM");
    await Promise.all([child.status, reading]);
  }
}

async function ask(url: string, customer: Customer): Promise<void> {
  const response = await fetch(`${url}/predict/retail`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: customer.id, cutoff: RECOMMENDED }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { items } = await response.json() as {
    readonly items: readonly { readonly title: string }[];
  };
  write(
    `Customer ${customer.id} bought ${customer.count} items, last of all\n`,
  );
  for (const title of customer.bought) write(`    ${title}\n`);
  write(`  and may want next\n`);
  for (const { title } of items) write(`  → ${title}\n`);
  write("\n");
}

function goOn(path: string | null, customer: Customer): void {
  const keys = path &&
    `  export RECOTEM_SIGNING_KEYS=$(cat ${path})\n`;
  write(`To go on by hand:

${keys ?? ""}  deno task train ${RECIPE}
  deno task serve --recipes recipes/retail
  curl http://127.0.0.1:8080/predict/retail \\
    -H 'content-type: application/json' -d '{"user_id": "${customer.id}"}'
  deno task inspect artifacts/retail.recotem
`);
}

if (import.meta.main) {
  Deno.chdir(fromFileUrl(new URL("..", import.meta.url)));
  const keys = await developmentKeys(".recotem");
  if (keys.made) {
    write(
      `Keys      RECOTEM_SIGNING_KEYS is not set: made a development key in ${keys.path}\n`,
    );
  } else if (keys.path) {
    write(`Keys      the development key in ${keys.path}\n`);
  }
  await train(keys.value);
  const customers = await someCustomers(RECIPE, CUSTOMERS_WITH);
  await serve(keys.value, async (url) => {
    for (const customer of customers) await ask(url, customer);
  });
  goOn(keys.path, customers[0]!);
}
