/**
 * The names of what publishing leaves in a folder.
 *
 * @module
 */

/** A file that was being written, by its name; a kill leaves it behind. */
const TEMPORARY =
  /^\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.tmp$/;

/** What stands beside a version, by the ending of its name. */
const SIBLINGS = [".report.html", ".report.json"];

/** The name of an output without its ending, which the names of its versions start with. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.recotem$/, "");
}

/** The name of a version. */
export function versionName(stem: string, sha256: string): string {
  return `${stem}.${sha256.slice(0, 8)}.recotem`;
}

/** Whether a name is that of a version of an output with this stem. */
export function isVersionName(name: string, stem: string): boolean {
  return name.startsWith(`${stem}.`) &&
    /^[0-9a-f]{8}\.recotem$/.test(name.slice(stem.length + 1));
}

/** The names of what may stand beside a version. */
export function siblingNames(version: string): string[] {
  return SIBLINGS.map((ending) => version + ending);
}

/** Whether a name is that of a file on its way. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}
