import { localPath } from "./local_path.ts";
import { uriScheme } from "./uri_scheme.ts";

const OUTPUT_SCHEMES = ["", "file", "s3", "gs", "az", "abfs", "abfss"];
/** An artifact that is only read may lie on the web, where nothing is published. */
const ARTIFACT_SCHEMES = [...OUTPUT_SCHEMES, "https"];
const SOURCE_SCHEMES = [...OUTPUT_SCHEMES, "http", "https"];

/** What a path is for: data, an artifact that is written, or one that is only read. */
export type PathUse = "source" | "output" | "artifact";

const SCHEMES: Readonly<Record<PathUse, readonly string[]>> = {
  source: SOURCE_SCHEMES,
  output: OUTPUT_SCHEMES,
  artifact: ARTIFACT_SCHEMES,
};

/** Schemes of object stores. */
const OBJECT_SCHEMES = ["s3", "gs", "az", "abfs", "abfss"];

/** Schemes in which `@` sets off a user, and not part of an address. */
const USERINFO_SCHEMES = ["http", "https", "s3", "abfs", "abfss"];

/**
 * Why a path or URI may not be read or written, or null when it may.
 *
 * @returns What it must be, as the end of a sentence that starts with its key; never the URI itself, which may hold a
 * password.
 *
 * @example
 * ```ts
 * import { refusePath } from "./refuse_path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refusePath("data/purchases.csv", "source"), null);
 * assertEquals(
 *   refusePath("s3://me:secret@bucket/key", "source"),
 *   "must not hold a user or password",
 * );
 * ```
 */
export function refusePath(
  uri: string,
  use: PathUse,
): string | null {
  if (uri.trim() === "") return "must not be empty";
  if (/^\s|\s$|\p{Cc}/u.test(uri)) {
    return "must not start or end with blanks or hold control characters";
  }
  if (uri.includes("::")) {
    return 'must not contain "::": chained locations and IPv6 addresses are not supported';
  }
  if (use !== "source" && /[/\\]$/.test(uri)) return "must name a file";
  const scheme = uriScheme(uri);
  const allowed = SCHEMES[use];
  if (use === "output" && scheme === "https") {
    return "is on the web, where servers may read an artifact and training cannot publish one: it must be a path or the URI of an object store";
  }
  if (!allowed.includes(scheme)) {
    return `has the scheme ${
      JSON.stringify(scheme.slice(0, 16))
    }: it must be a path or start with ${
      allowed.slice(1).map((each) => `${each}://`).join(", ")
    }`;
  }
  if (scheme === "") return null;
  const match = /^[^:]+:\/\/([^/?#\\]*)/.exec(uri);
  if (match === null) return `must start with ${scheme}://`;
  const authority = match[1]!;
  if (scheme === "file") return refuseFileUri(uri, authority, use);
  if (USERINFO_SCHEMES.includes(scheme) && hasUserinfo(uri, authority)) {
    return "must not hold a user or password";
  }
  if (authority === "" || !URL.canParse(uri)) {
    return `must name a host or bucket after ${scheme}://`;
  }
  return OBJECT_SCHEMES.includes(scheme) ? refuseObject(uri) : null;
}

function refuseObject(uri: string): string | null {
  const key = /^[^:]+:\/\/[^/]+\/(.*)$/.exec(uri)?.[1] ?? "";
  if (key === "") return "must name an object behind the bucket";
  return key.split("/").some((segment) => /^\.\.?$/.test(segment))
    ? 'must not have a segment "." or ".."'
    : null;
}

/** Browsers' rules take a backslash for a slash, other readers do not: what either calls a user counts. */
function hasUserinfo(uri: string, authority: string): boolean {
  if (authority.includes("@")) return true;
  if (!URL.canParse(uri)) return /^[^:]+:\/\/[^/?#]*@/.test(uri);
  const { username, password } = new URL(uri);
  return username !== "" || password !== "" || /^[^:]+:\/\/[^/?#]*@/.test(uri);
}

function refuseFileUri(
  uri: string,
  authority: string,
  use: PathUse,
): string | null {
  if (
    use !== "source" && authority !== "" &&
    authority.toLowerCase() !== "localhost"
  ) {
    return "must not name a host other than localhost: write file:///folder/file";
  }
  try {
    localPath(uri);
    return null;
  } catch {
    return "is not a well-formed file: URI: write file:///folder/file";
  }
}
