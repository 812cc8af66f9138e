import { fromFileUrl } from "../std/path.ts";

/**
 * The path of a bare path or `file:` URI.
 *
 * @param use A host in the URI is dropped when reading; writing to another machine's path would land on this one.
 * @throws {TypeError} For a `file:` URI that is relative, has a query or fragment, or names a host to write to.
 */
export function filePath(uri: string, use: "read" | "write"): string {
  if (!/^file:/i.test(uri)) return uri;
  if (!/^file:\/\/[^/]*\//i.test(uri)) {
    throw new TypeError("A file URI must be absolute: file:///folder/file");
  }
  const url = new URL(uri);
  if (url.search !== "" || url.hash !== "") {
    throw new TypeError(
      'A file URI must have no query or fragment: write "?" as %3F and "#" as %23',
    );
  }
  if (use === "write" && url.hostname !== "") {
    throw new TypeError(
      "A file URI to write to must name no host other than localhost: file:///folder/file",
    );
  }
  url.hostname = "";
  return fromFileUrl(url);
}
