/** What documentation may speak of. */
export interface Facts {
  /** Whether a path, relative to the project's root, exists. */
  readonly exists: (path: string) => boolean;
  /** Names of the tasks in deno.json. */
  readonly tasks: ReadonlySet<string>;
  /** Names of the commands of the command line. */
  readonly commands: ReadonlySet<string>;
  /** Names of the variables that are read. */
  readonly variables: ReadonlySet<string>;
}

/**
 * What a Markdown file names that is not there: linked files, tasks, commands and variables.
 *
 * @param path Its path, relative to the project's root.
 * @param text Its text.
 * @param facts What is there.
 * @returns One line for each problem, with its line number.
 */
export function docProblems(
  path: string,
  text: string,
  facts: Facts,
): string[] {
  const problems: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const place = `${path}:${index + 1}`;
    for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^([a-z]+:|#)/i.test(target!)) continue;
      const file = new URL(target!, `file:///${path}`).pathname.slice(1);
      if (!facts.exists(decodeURIComponent(file))) {
        problems.push(`${place}: no file ${target}`);
      }
    }
    for (const [, task] of line.matchAll(/\bdeno task ([a-z][\w:-]*)/g)) {
      if (!facts.tasks.has(task!)) problems.push(`${place}: no task ${task}`);
    }
    for (const [, command] of line.matchAll(/`recotem ([a-z][\w-]*)/g)) {
      if (!facts.commands.has(command!)) {
        problems.push(`${place}: no command ${command}`);
      }
    }
    for (const [variable] of line.matchAll(/\bRECOTEM_[A-Z_]*[A-Z]\b/g)) {
      if (
        !facts.variables.has(variable) && !variable.startsWith("RECOTEM_RECIPE")
      ) {
        problems.push(`${place}: no variable ${variable}`);
      }
    }
  }
  return problems;
}
