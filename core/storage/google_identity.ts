import type { Environment } from "../config/environment.ts";
import { readAll } from "./_read_all.ts";

/** Who asks a service of Google: nobody in particular, a key file, or the machine itself by its metadata server. */
export type GoogleIdentity =
  | { readonly type: "none" }
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "machine"; readonly host: string };

/** Variables that {@linkcode googleIdentity} reads. */
export const GOOGLE_VARIABLES: readonly string[] = [
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GCE_METADATA_HOST",
];

/** Where key files are exchanged for tokens. */
export const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";

/** Who asks, by the variables that Google's own tools read. */
export function googleIdentity(environment: Environment): GoogleIdentity {
  const env = readAll(environment, GOOGLE_VARIABLES);
  const path = env.get("GOOGLE_APPLICATION_CREDENTIALS");
  if (path !== undefined) return { type: "file", path };
  const host = env.get("GCE_METADATA_HOST") ?? "metadata.google.internal";
  return { type: "machine", host };
}

/** What proving an identity needs of the runtime: files to read, and `host:port`. */
export function identityPermissions(
  identity: GoogleIdentity,
): { readonly read: readonly string[]; readonly net: readonly string[] } {
  switch (identity.type) {
    case "none":
      return { read: [], net: [] };
    case "file":
      return {
        read: [identity.path],
        net: [`${new URL(GOOGLE_TOKEN_URL).hostname}:443`],
      };
    case "machine": {
      const { hostname, port } = new URL(`http://${identity.host}`);
      return { read: [], net: [`${hostname}:${port || 80}`] };
    }
  }
}
