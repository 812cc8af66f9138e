/**
 * Writes the files of serve/playground/page into serve/playground/page_files.ts: a published package holds modules
 * only, and the server may have no permission to read its own folder.
 *
 * Permissions: read and write on serve/playground.
 *
 * @module
 */
const FOLDER = new URL("../serve/playground/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** The module that the files of serve/playground/page make. */
export async function playgroundModule(): Promise<string> {
  const folder = new URL("page/", FOLDER);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  const rows: string[] = [];
  for (const name of names.sort()) {
    const type = TYPES[name.split(".").at(-1)!];
    const text = await Deno.readTextFile(new URL(name, folder));
    rows.push(
      `  ${JSON.stringify(name)}: ${JSON.stringify({ type, text })},\n`,
    );
  }
  return `/** The files of the playground, by name. Made by tools/embed_playground.ts of those in page/: do not edit. */
export const PAGE_FILES: Readonly<
  Record<string, { readonly type: string; readonly text: string }>
> = {
${rows.join("")}};
`;
}

if (import.meta.main) {
  await Deno.writeTextFile(
    new URL("page_files.ts", FOLDER),
    await playgroundModule(),
  );
}
