import { fromFileUrl } from "@std/path";

const ROOT: string = fromFileUrl(import.meta.resolve("../../../"));

/** How a program ended. */
export interface Outcome {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

/** A network in which nothing is reached but what is said here. */
export interface NetworkOptions {
  /** Addresses, such as `9.9.9.9`, that are this machine's own. */
  readonly addresses: readonly string[];
  /** Content of `/etc/hosts`. */
  readonly hosts: string;
  /** Content of `/etc/resolv.conf`; default: the machine's own. */
  readonly resolver?: string;
}

/** Runs a program to its end, in the project's folder. */
export async function execute(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { success, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/**
 * Runs a program in a network of its own, in which every port may be listened on.
 *
 * @returns null, after the test's results have shown why, where no such network can be had.
 */
export async function inOwnNetwork(
  t: Deno.TestContext,
  { addresses, hosts, resolver }: NetworkOptions,
  command: readonly string[],
): Promise<Outcome | null> {
  await using file = await temporaryFile("hosts", hosts);
  await using names = await temporaryFile("resolv.conf", resolver ?? "");
  const setUp = [
    "ip link set lo up",
    ...addresses.map((address) => `ip addr add ${address}/32 dev lo`),
    `mount --bind ${file.path} /etc/hosts`,
    ...(resolver === undefined
      ? []
      : [`mount --bind ${names.path} /etc/resolv.conf`]),
  ].join(" && ");
  const enter = ["unshare", "--net", "--mount", "--map-root-user", "sh", "-c"];
  const possible = await execute([...enter, setUp])
    .catch((error) => ({ success: false, err: String(error) }));
  if (possible.success) {
    return await execute([...enter, `${setUp} && exec "$0" "$@"`, ...command]);
  }
  await t.step({
    name: `no network of its own: ${possible.err.trim()}`,
    ignore: true,
    fn() {},
  });
  return null;
}

/** A file in a folder of its own. */
export async function temporaryFile(
  name: string,
  text: string,
): Promise<{ path: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/${name}`;
  await Deno.writeTextFile(path, text);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
