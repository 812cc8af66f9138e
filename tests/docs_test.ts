import { assertEquals } from "@std/assert";
import { COMMANDS } from "../core/config/commands.ts";
import { VARIABLES } from "../core/config/variables.ts";
import { docProblems, type Facts } from "../tools/doc_problems.ts";

const ROOT = new URL("..", import.meta.url);

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

/** Markdown files below a folder, those of the project's own making. */
async function* markdown(folder: string): AsyncIterable<string> {
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    if (isDirectory && !/^(\.|node_modules$|dist$)/.test(name)) {
      yield* markdown(`${folder}${name}/`);
    } else if (name.endsWith(".md")) {
      yield folder + name;
    }
  }
}

Deno.test("the documentation names only files, tasks, commands and variables that are there", async () => {
  const config = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  ) as { readonly tasks: Readonly<Record<string, unknown>> };
  const facts: Facts = {
    exists,
    tasks: new Set(Object.keys(config.tasks)),
    commands: new Set(COMMANDS.map(({ name }) => name)),
    variables: new Set(Object.keys(VARIABLES)),
  };
  const problems: string[] = [];
  for await (const path of markdown("./")) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    problems.push(...docProblems(path.slice(2), text, facts));
  }
  assertEquals(problems, []);
});
