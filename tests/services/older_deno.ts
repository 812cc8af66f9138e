import { install, type Program } from "./service.ts";

/** Deno 2.5, the oldest that `serve/deploy.ts` runs on: Deno Deploy names that version. */
export const OLDER_DENO: Program = {
  name: "deno-2.5.7",
  install: [
    ["npm", "install", "--silent", "deno@2.5.7"],
    ["node_modules/.bin/deno", "--version"],
  ],
};

/** Path of it. */
export async function olderDeno(): Promise<string> {
  return `${await install(OLDER_DENO)}/node_modules/deno/deno`;
}
