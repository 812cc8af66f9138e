import { assertEquals } from "@std/assert";
import { localPath } from "../../../core/recipe/local_path.ts";

/** URI → path on this machine. */
const PATHS: readonly [string, string | null][] = [
  ["data/x.csv", "data/x.csv"],
  ["/data/x y.csv", "/data/x y.csv"],
  ["file:///data/x%20y.csv", "/data/x y.csv"],
  ["FILE:///data/x.csv", "/data/x.csv"],
  ["file://localhost/data/x.csv", "/data/x.csv"],
  ["file://host/data/x.csv", "/data/x.csv"],
  ["s3://bucket/x", null],
  ["https://host/x", null],
];

for (const [uri, path] of PATHS) {
  Deno.test(`localPath() answers ${path} to ${uri}`, () => {
    assertEquals(localPath(uri), path);
  });
}
