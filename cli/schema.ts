import { SCHEMA } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { recipeJsonSchema } from "../core/recipe/recipe_json_schema.ts";
import { print } from "./_output.ts";

/** `recotem schema`: prints the JSON Schema of recipes, and nothing else. */
export function schema(argv: readonly string[]): Promise<number> {
  const help = parseArguments(SCHEMA, argv) === "help";
  print(
    help
      ? commandHelp(SCHEMA)
      : JSON.stringify(recipeJsonSchema(), null, 2) + "\n",
  );
  return Promise.resolve(0);
}
