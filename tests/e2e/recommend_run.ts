import { type Outcome, recotem } from "../cli/recotem.ts";
import { SIGNING_KEYS } from "../serve/shop.ts";

/** A folder with the folders `models` and `out`. */
export async function recommendFolder(): Promise<
  { path: string } & AsyncDisposable
> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${path}/models`);
  await Deno.mkdir(`${path}/out`);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Runs `recotem recommend` in a folder. */
export async function recommend(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return await recotem(["recommend", ...argv], {
    cwd: path,
    env: { RECOTEM_SIGNING_KEYS: SIGNING_KEYS, ...env },
  });
}
