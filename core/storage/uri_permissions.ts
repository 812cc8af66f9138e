/** What a process needs to reach a URI that is not on this machine; permissions of the runtime. */
export interface UriPermissions {
  /** Files that hold credentials. */
  readonly read: readonly string[];
  /** `host:port`. */
  readonly net: readonly string[];
  /** Names of variables. */
  readonly env: readonly string[];
}

const NOTHING: UriPermissions = { read: [], net: [], env: [] };
const WEB_PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
};

/** What reading and writing at `uri` needs; nothing for a path or a `file:` URI, whose permission is the file. */
export function uriPermissions(uri: string): UriPermissions {
  const url = URL.parse(uri);
  const port = WEB_PORTS[url?.protocol ?? ""];
  if (url === null || port === undefined) return NOTHING;
  return { ...NOTHING, net: [`${url.hostname}:${url.port || port}`] };
}
