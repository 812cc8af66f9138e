import { PERMISSIONS } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { permissionFlags } from "../core/recipe/permission_flags.ts";
import { print } from "./_output.ts";
import { trainingPermissions } from "./training_permissions.ts";

/** `recotem permissions`: prints what the process that trains a recipe is granted, one flag a line or as JSON. */
export async function permissions(argv: readonly string[]): Promise<number> {
  const args = parseArguments(PERMISSIONS, argv);
  if (args === "help") {
    print(commandHelp(PERMISSIONS));
    return 0;
  }
  const granted = await trainingPermissions(
    args.positionals.RECIPE,
    args.flags["env-var"],
  );
  print(
    args.flags.json
      ? JSON.stringify(granted, null, 2) + "\n"
      : permissionFlags(granted).join("\n") + "\n",
  );
  return 0;
}
