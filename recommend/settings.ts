import type { Arguments } from "../core/config/command.ts";
import type { RECOMMEND } from "../core/config/commands.ts";
import { RecotemError } from "../core/errors.ts";
import { localPath } from "../core/recipe/local_path.ts";
import { uriScheme } from "../core/recipe/uri_scheme.ts";
import { resolve } from "../core/std/path.ts";
import { type FormatName, FORMATS } from "./formats/create_format.ts";
import type { UserFile } from "./user_blocks.ts";

/** A recipe, and what fills it in. */
export interface RecipeFile {
  readonly path: string;
  /** `K=V` texts that stand before the environment. */
  readonly envVars: readonly string[];
}

/** What is to be answered, and how. */
export interface Settings {
  /** Path or URI of the artifact or its pointer. */
  readonly artifact: string;
  /** Null: all users of the artifact. */
  readonly users: UserFile | null;
  /** Absolute path of the file that is written. */
  readonly out: string;
  readonly format: FormatName;
  /** The recipe whose `serving` says what flags do not; null: nothing does. */
  readonly recipe: RecipeFile | null;
  /** Longest list; null: not said. */
  readonly limit: number | null;
  /** Null: not said. */
  readonly includeSeen: boolean | null;
  readonly metadata: boolean;
  /** Null: not said. */
  readonly fallback: "popular" | "none" | null;
  readonly allowUnsigned: boolean;
}

/**
 * Reads the arguments of `recotem recommend`.
 *
 * @throws {RecotemError} `usage_error` when they do not go together, or name what cannot be read or written.
 */
export function readSettings(
  { positionals, flags }: Arguments<typeof RECOMMEND>,
): Settings {
  const { users, column, all } = flags;
  if ((users === null) !== all) {
    throw refusal("Either --users or --all must be given");
  }
  if (column !== null && users === null) {
    throw refusal("Flag --column needs --users beside it");
  }
  if (flags["exclude-seen"] && flags["include-seen"]) {
    throw refusal("Flags --exclude-seen and --include-seen exclude each other");
  }
  const { recipe: path, "env-var": envVars } = flags;
  if (envVars.length > 0 && path === null) {
    throw refusal("Flag --env-var needs --recipe beside it");
  }
  if (users !== null && /^https?$/i.test(uriScheme(users))) {
    throw refusal(
      "Flag --users must name a file or an object: what is on the web may change while it is read",
    );
  }
  const out = localPath(flags.out);
  if (out === null) {
    throw refusal("Flag --out must name a file on this machine");
  }
  const format = FORMATS.find((name) => out.endsWith(`.${name}`));
  if (format === undefined) {
    throw refusal("Flag --out must end in .parquet, .csv or .jsonl");
  }
  return {
    artifact: positionals.ARTIFACT,
    users: users === null ? null : { uri: users, column },
    out: resolve(out),
    format,
    recipe: path === null ? null : { path, envVars },
    limit: flags.limit,
    includeSeen: flags["include-seen"]
      ? true
      : flags["exclude-seen"]
      ? false
      : null,
    metadata: flags.metadata,
    fallback: flags.fallback,
    allowUnsigned: flags["dev-allow-unsigned"],
  };
}

function refusal(message: string): RecotemError {
  return new RecotemError(
    "usage_error",
    `${message} (see "recotem recommend --help")`,
  );
}
