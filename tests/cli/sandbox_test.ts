import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Program, sandboxArguments } from "../../cli/sandbox.ts";
import { RecotemError } from "../../core/errors.ts";
import type { RecipePermissions } from "../../core/recipe/permissions.ts";
import { Audit, compareWithGrants } from "../audit.ts";

const SANDBOX = import.meta.resolve("../../cli/sandbox.ts");
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const NOTHING: RecipePermissions = { read: [], write: [], net: [], env: [] };

/** A folder with a program in it. */
async function folder(
  source: string,
): Promise<{ path: string; module: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${path}/program.ts`, source);
  return {
    path,
    module: `file://${path}/program.ts`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A process that starts `program` by runSandboxed(), as the commands do. */
function parent(
  program: Program,
  options: { cwd?: string; env?: Record<string, string> } = {},
): Deno.ChildProcess {
  const script = `import { runSandboxed } from ${JSON.stringify(SANDBOX)};
Deno.exit(await runSandboxed(${JSON.stringify(program)}));`;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `--config=${CONFIG}`, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    ...options,
  }).spawn();
  const writer = process.stdin.getWriter();
  writer.write(new TextEncoder().encode(script)).then(() => writer.close());
  return process;
}

async function run(
  program: Program,
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await parent(program, options).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("sandboxArguments() refuses a path with a comma: the runtime would read two paths", () => {
  const error = assertThrows(
    () =>
      sandboxArguments({
        module: SANDBOX,
        permissions: { ...NOTHING, read: ["/data,/etc"] },
        argv: [],
      }),
    RecotemError,
  );
  assertEquals(error.exitCode, 2);
});

Deno.test("sandboxArguments() grants nothing of a kind that is empty: an empty flag would grant all of it", () => {
  const args = sandboxArguments({
    module: SANDBOX,
    permissions: NOTHING,
    argv: [],
  });
  assertEquals(args.filter((arg) => arg.startsWith("--allow")), []);
});

Deno.test("sandboxArguments() lets a program from a registry import from its own host only", () => {
  const args = sandboxArguments({
    module: "https://jsr.io/@recotem/core/0.1.0/train/main.ts",
    permissions: NOTHING,
    argv: ["r.yaml"],
  });
  assertEquals(args, [
    "run",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--allow-import=jsr.io",
    `--preload=${
      SANDBOX.replace("sandbox.ts", "_end_with_parent.ts")
    }?parent=${Deno.pid}`,
    "--no-prompt",
    "https://jsr.io/@recotem/core/0.1.0/train/main.ts",
    "r.yaml",
  ]);
});

Deno.test("runSandboxed() passes arguments, streams, working directory and exit code through", async () => {
  await using program = await folder(`
    console.log(JSON.stringify([Deno.args, Deno.cwd()]));
    console.error("to stderr");
    Deno.exit(6);`);
  await using other = await folder("");
  const { code, out, err } = await run({
    module: program.module,
    permissions: { ...NOTHING, read: ["."] },
    argv: ["a b", "--flag", "-"],
  }, { cwd: other.path });
  assertEquals(err, "to stderr\n");
  assertEquals(JSON.parse(out), [["a b", "--flag", "-"], other.path]);
  assertEquals(code, 6);
});

Deno.test("runSandboxed() takes paths as relative to the caller's folder", async () => {
  await using program = await folder(
    `console.log(Deno.readTextFileSync("data/rows.csv"));
     try { Deno.readTextFileSync("secret"); } catch (error) { console.log(error.name); }`,
  );
  await using caller = await folder("");
  await Deno.mkdir(`${caller.path}/data`);
  await Deno.writeTextFile(`${caller.path}/data/rows.csv`, "user,item");
  await Deno.writeTextFile(`${caller.path}/secret`, "secret");
  const { out } = await run({
    module: program.module,
    permissions: { ...NOTHING, read: ["data/rows.csv"] },
    argv: [],
  }, { cwd: caller.path });
  assertEquals(out, "user,item\nNotCapable\n");
});

Deno.test("runSandboxed() lets the runtime refuse a host that is not granted", async () => {
  await using named = Deno.serve(
    { port: 0, onListen() {} },
    () => new Response("named"),
  );
  let visits = 0;
  await using other = Deno.serve({ port: 0, onListen() {} }, () => {
    visits++;
    return new Response("other");
  });
  await using program = await folder(`
    for (const port of Deno.args) {
      try {
        console.log(await (await fetch("http://127.0.0.1:" + port)).text());
      } catch (error) { console.log(error.name); }
    }`);
  const { out, err } = await run({
    module: program.module,
    permissions: { ...NOTHING, net: [`127.0.0.1:${named.addr.port}`] },
    argv: [String(named.addr.port), String(other.addr.port)],
  });
  assertEquals(out + err, "named\nNotCapable\n");
  assertEquals(visits, 0);
});

/** Ways out of a sandbox; each must end in a refusal of the runtime. */
const ESCAPES: Readonly<Record<string, string>> = {
  "run a program": `new Deno.Command("true").outputSync()`,
  "run deno itself":
    `new Deno.Command(Deno.execPath(), { args: ["eval", "1"] }).outputSync()`,
  "read a file": `Deno.readTextFileSync("/etc/hostname")`,
  "write a file": `Deno.writeTextFileSync("escaped", "")`,
  "read a variable": `console.log(Deno.env.get("HOME"))`,
  "open a socket": `Deno.listen({ port: 0 })`,
  "open a library": `Deno.dlopen("libc.so.6", {})`,
  "look at the machine": `Deno.hostname()`,
  "import from a host that the runtime trusts":
    `await import("https://deno.land/" + "std/version.ts")`,
  "import a file": `await import("/etc/" + "hostname")`,
  "widen its permissions":
    `if ((await Deno.permissions.request({ name: "read" })).state !== "granted") throw new Error("--no-prompt was given")`,
};

for (const [escape, source] of Object.entries(ESCAPES)) {
  Deno.test(`runSandboxed() does not let a program ${escape}`, async () => {
    await using program = await folder(
      `try { ${source}; console.log("escaped"); } catch (error) { console.log(String(error)); }`,
    );
    const { code, out } = await run({
      module: program.module,
      permissions: { ...NOTHING, env: ["RECOTEM_*"] },
      argv: [],
    });
    assertMatch(out, /NotCapable|Requires \w+ access|--no-(remote|prompt)/);
    assertEquals(code, 0);
  });
}

Deno.test("runSandboxed() does not let a program import from the network", async () => {
  let visits = 0;
  await using server = Deno.serve({ port: 0, onListen() {} }, () => {
    visits++;
    return new Response("export {};", {
      headers: { "content-type": "text/javascript" },
    });
  });
  await using program = await folder(`
    try { await import("http://127.0.0.1:" + Deno.args[0]); }
    catch (error) { console.log(error.message); }`);
  const { out } = await run({
    module: program.module,
    permissions: NOTHING,
    argv: [String(server.addr.port)],
  });
  assertMatch(out, /Requires import access/);
  assertEquals(visits, 0);
});

Deno.test("runSandboxed() does not let a program import a package that is not in the lock file", async () => {
  await using program = await folder(`
    try { await import("npm:" + "left-pad@1.3.0"); }
    catch (error) { console.log(error.message); }`);
  const { out } = await run({
    module: program.module,
    permissions: NOTHING,
    argv: [],
  });
  assertMatch(out, /lockfile is out of date/);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`runSandboxed() passes ${signal} on, and lets the program end in its own way`, async () => {
    await using program = await folder(`
      Deno.addSignalListener("${signal}", () => {
        console.log("tidied up");
        Deno.exit(3);
      });
      console.log("ready");
      setInterval(() => {}, 1000);`);
    const process = parent({
      module: program.module,
      permissions: NOTHING,
      argv: [],
    });
    let out = "";
    for await (
      const text of process.stdout.pipeThrough(new TextDecoderStream())
    ) {
      if (out === "") process.kill(signal);
      out += text;
    }
    await process.stderr.cancel();
    assertEquals(out, "ready\ntidied up\n");
    assertEquals((await process.status).code, 3);
  });
}

Deno.test("runSandboxed() answers 128 and the signal's number for a program that a signal ended", async () => {
  await using program = await folder(`
    console.log("ready");
    setInterval(() => {}, 1000);`);
  const process = parent({
    module: program.module,
    permissions: NOTHING,
    argv: [],
  });
  for await (const _ of process.stdout) process.kill("SIGTERM");
  await process.stderr.cancel();
  assertEquals((await process.status).code, 128 + 15);
});

Deno.test("runSandboxed() does not leave the program behind when its own process is killed", async () => {
  await using program = await folder(`
    console.log("ready");
    setInterval(() => {}, 1000);`);
  const process = parent({
    module: program.module,
    permissions: NOTHING,
    argv: [],
  });
  // The program's standard output comes to its end when the program does.
  for await (const _ of process.stdout) process.kill("SIGKILL");
  await process.stderr.cancel();
  assertEquals((await process.status).signal, "SIGKILL");
});

Deno.test("compareWithGrants() finds nothing when all that is granted is used and all that is used is granted", async () => {
  await using program = await folder(`
    Deno.readTextFileSync("program.ts");
    Deno.writeTextFileSync("out/model", "");
    Deno.env.get("RECOTEM_ENV");`);
  await Deno.mkdir(`${program.path}/out`);
  const granted = {
    read: ["program.ts"],
    write: ["out"],
    net: [],
    env: ["RECOTEM_*"],
  };
  using audit = new Audit();
  const { code, err } = await run(
    { module: program.module, permissions: granted, argv: [] },
    { cwd: program.path, env: audit.env },
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(compareWithGrants(audit.asked(), granted, program.path), {
    refused: [],
    unused: [],
  });
});

Deno.test("compareWithGrants() finds what was granted in vain and what was asked in vain", async () => {
  await using program = await folder(`
    try { Deno.readTextFileSync("/etc/hostname"); } catch { /* refused */ }
    try { Deno.env.toObject(); } catch { /* refused */ }`);
  const granted = { ...NOTHING, read: ["data"], net: ["127.0.0.1:80"] };
  using audit = new Audit();
  await run(
    { module: program.module, permissions: granted, argv: [] },
    { cwd: program.path, env: audit.env },
  );
  assertEquals(compareWithGrants(audit.asked(), granted, program.path), {
    refused: ["read /etc/hostname", "env everything"],
    unused: ["read data", "net 127.0.0.1:80"],
  });
});
