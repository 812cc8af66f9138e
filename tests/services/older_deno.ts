import { install } from "./service.ts";

/** Path of Deno 2.5, the oldest that `serve/deploy.ts` runs on: Deno Deploy names that version. */
export async function olderDeno(): Promise<string> {
  const folder = await install({
    name: "deno-2.5.7",
    install: [["npm", "install", "--silent", "deno@2.5.7"], [
      "node_modules/.bin/deno",
      "--version",
    ]],
  });
  return `${folder}/node_modules/deno/deno`;
}
