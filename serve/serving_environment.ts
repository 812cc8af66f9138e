import type { Environment } from "../core/config/environment.ts";

/**
 * The environment of a server. The variables of Vertex AI (`AIP_*`) are as if unset where the process may not read them,
 * as one may not that serves elsewhere.
 */
export function servingEnvironment(): Environment {
  return {
    get(name) {
      const readable = !name.startsWith("AIP_") ||
        Deno.permissions.querySync({ name: "env", variable: name }).state ===
          "granted";
      return readable ? Deno.env.get(name) : undefined;
    },
  };
}
