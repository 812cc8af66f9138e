import type { Command, Flag } from "./command.ts";

const COLUMNS = 80;
/** Where descriptions start; longer names push theirs to the next line. */
const DESCRIPTION_COLUMN = 26;

/** The help text of one command, at most 80 columns wide. */
export function commandHelp(command: Command): string {
  const positionals = Object.entries(command.positionals);
  const required = Object.entries<Flag>(command.flags)
    .filter(([, flag]) => flag.required)
    .map(([name, flag]) => ` --${name} ${flag.placeholder}`).join("");
  const usage = `Usage: recotem ${command.name}${required} [options]${
    positionals.map(([name]) => ` ${name}`).join("")
  }`;
  return [
    `${command.summary}.`,
    "",
    usage,
    ...(positionals.length > 0 ? ["", "Arguments:"] : []),
    ...positionals.map(([name, text]) => row(`  ${name}`, text)),
    "",
    "Options:",
    ...Object.entries<Flag>(command.flags).map(([name, flag]) =>
      row(flagNames(name, flag), flag.description + defaultNote(flag))
    ),
    row("  -h, --help", "Show this help"),
    "",
  ].join("\n");
}

/** The help text of the program: what its commands are. */
export function programHelp(commands: readonly Command[]): string {
  return [
    "Trains a recommender from a recipe and serves it.",
    "",
    "Usage: recotem COMMAND [options]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => row(`  ${name}`, summary)),
    "",
    '"recotem COMMAND --help" shows the options of one command.',
    "",
  ].join("\n");
}

function flagNames(name: string, flag: Flag): string {
  const short = flag.short ? `-${flag.short}, ` : "    ";
  const value = flag.placeholder ? ` ${flag.placeholder}` : "";
  return `  ${short}--${name}${value}`;
}

function defaultNote(flag: Flag): string {
  if (flag.required) return " (required)";
  return flag.default === undefined ? "" : ` (default: ${flag.default})`;
}

/** A name and its description, wrapped at words. */
function row(name: string, description: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of description.split(" ")) {
    if (
      line !== "" &&
      DESCRIPTION_COLUMN + line.length + 1 + word.length > COLUMNS
    ) {
      lines.push(line);
      line = word;
    } else {
      line += line === "" ? word : ` ${word}`;
    }
  }
  lines.push(line);
  const indent = " ".repeat(DESCRIPTION_COLUMN);
  const first = name.length + 2 > DESCRIPTION_COLUMN
    ? `${name}\n${indent}`
    : name.padEnd(DESCRIPTION_COLUMN);
  return first + lines.join(`\n${indent}`);
}
