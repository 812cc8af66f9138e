import type { Environment } from "../config/environment.ts";
import { RecotemError } from "../errors.ts";

/**
 * The URL that the first set variable of a list holds, without a slash at its end, or null when none is set.
 *
 * @throws {RecotemError} `config_error` when it is no URL of a web server.
 */
export function endpoint(
  env: Environment,
  ...names: readonly string[]
): string | null {
  for (const name of names) {
    const text = env.get(name);
    if (!text) continue;
    const url = URL.parse(text);
    if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
    throw new RecotemError(
      "config_error",
      `${name} must be a URL that starts with http:// or https://`,
    );
  }
  return null;
}
