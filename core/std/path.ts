import * as path from "@std/path";

/** The functions of `@std/path` that are used here, with their types. */
export const basename: (path: string, suffix?: string) => string =
  path.basename;
/** The folder of a path. */
export const dirname: (path: string) => string = path.dirname;
/** The path of a `file:` URL. */
export const fromFileUrl: (url: string | URL) => string = path.fromFileUrl;
/** Joins path segments. */
export const join: (...paths: string[]) => string = path.join;
/** The way from one folder to a path. */
export const relative: (from: string, to: string) => string = path.relative;
/** An absolute path; relative segments belong to the working directory. */
export const resolve: (...paths: string[]) => string = path.resolve;
/** The `file:` URL of a path. */
export const toFileUrl: (path: string) => URL = path.toFileUrl;
