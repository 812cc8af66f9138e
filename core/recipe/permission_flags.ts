import { RecotemError } from "../errors.ts";
import type { RecipePermissions } from "./permissions.ts";

/**
 * The flags of `deno run` that grant these permissions and ask for no others.
 *
 * @throws {RecotemError} `recipe_error` for a path with a comma: flags separate paths by commas and have no way to
 * write one.
 *
 * @example
 * ```ts
 * import { permissionFlags } from "./permission_flags.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   permissionFlags({ read: ["/a", "/b"], write: [], net: ["h:443"], env: [] }),
 *   ["--no-prompt", "--allow-read=/a,/b", "--allow-net=h:443"],
 * );
 * ```
 */
export function permissionFlags(permissions: RecipePermissions): string[] {
  const { read, write, net, env } = permissions;
  return [
    "--no-prompt",
    ...Object.entries({ read, write, net, env }).flatMap(([kind, entries]) => {
      const comma = entries.find((entry) => entry.includes(","));
      if (comma !== undefined) {
        throw new RecotemError(
          "recipe_error",
          `Path ${
            JSON.stringify(comma)
          } has a comma, which permission flags cannot hold: rename it`,
        );
      }
      return entries.length === 0
        ? []
        : [`--allow-${kind}=${entries.join(",")}`];
    }),
  ];
}
