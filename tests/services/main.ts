/**
 * Installs what the tests of this folder need and runs them. A test that needs a program that cannot be installed is not
 * run, and named with the reason. Arguments, such as `--filter`, go to `deno test`.
 *
 * @module
 */
import { moduleGraph, reachable } from "../../tools/module_graph.ts";
import { AZURITE } from "./azurite.ts";
import { BQEMULATOR } from "./bqemulator.ts";
import { FAKE_GCS } from "./fake_gcs.ts";
import { MARIADB } from "./mariadb.ts";
import { MOTO } from "./moto.ts";
import { OLDER_DENO } from "./older_deno.ts";
import { OPTUNA } from "./optuna.ts";
import { postgresqlBin } from "./postgresql.ts";
import { SCHEMATHESIS } from "./schemathesis.ts";
import { install } from "./service.ts";

const ROOT = new URL("../../", import.meta.url);
const FOLDER = "tests/services";

/** Module whose importers need a program → installs that. */
const NEEDS: Readonly<Record<string, () => Promise<string>>> = {
  "azurite.ts": () => install(AZURITE),
  "bqemulator.ts": () => install(BQEMULATOR),
  "fake_gcs.ts": () => install(FAKE_GCS),
  "mariadb.ts": () => install(MARIADB),
  "moto.ts": () => install(MOTO),
  "older_deno.ts": () => install(OLDER_DENO),
  "optuna.ts": () => install(OPTUNA),
  "postgresql.ts": postgresqlBin,
  "schemathesis.ts": () => install(SCHEMATHESIS),
};

/** Module → why its program is not there. */
async function installAll(): Promise<ReadonlyMap<string, string>> {
  const failures = new Map<string, string>();
  for (const [module, prepare] of Object.entries(NEEDS)) {
    try {
      await prepare();
    } catch (error) {
      failures.set(`${FOLDER}/${module}`, (error as Error).message);
    }
  }
  return failures;
}

async function testFiles(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL(FOLDER, ROOT))) {
    if (name.endsWith("_test.ts")) names.push(`${FOLDER}/${name}`);
  }
  return names.sort();
}

/** Why a test cannot be run; empty: it can. */
async function wants(
  test: string,
  failures: ReadonlyMap<string, string>,
): Promise<string[]> {
  if (failures.size === 0) return [];
  const modules = reachable(await moduleGraph(ROOT, test), test);
  return [...failures].filter(([module]) => modules.has(module))
    .map(([, failure]) => failure);
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

const failures = await installAll();
const run: string[] = [];
const leftOut: string[] = [];
for (const test of await testFiles()) {
  const wanted = await wants(test, failures);
  if (wanted.length === 0) run.push(test);
  else leftOut.push(`NOT RUN: ${test}: ${wanted.join("; ")}\n`);
}
await print(leftOut.join(""));
let exitCode = 0;
if (run.length > 0) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", ...Deno.args, ...run],
    cwd: ROOT,
  }).spawn().status;
  exitCode = code;
}
if (leftOut.length > 0) {
  await print(`\n${leftOut.join("")}`);
  await print(
    `${leftOut.length} of ${
      leftOut.length + run.length
    } test files of services were not run.\n`,
  );
}
Deno.exit(exitCode);
