/** The lower-case scheme of a URI, or `""` for a bare path. A drive letter is a scheme, too. */
export function uriScheme(uri: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1];
  return scheme?.toLowerCase() ?? "";
}
