import { fromFileUrl } from "../std/path.ts";
import { uriScheme } from "./uri_scheme.ts";

/**
 * The path of a bare path or `file:` URI on this machine, or null for a URI of another scheme. A host in a `file:`
 * URI is dropped.
 *
 * @throws {TypeError | URIError} For a `file:` URI that is not well formed.
 */
export function localPath(uri: string): string | null {
  const scheme = uriScheme(uri);
  if (scheme === "") return uri;
  if (scheme !== "file") return null;
  const url = new URL(uri);
  url.hostname = "";
  return fromFileUrl(url);
}
