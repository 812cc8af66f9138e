/**
 * Every `RECOTEM_*` variable: its type, default, bounds and meaning, in one table.
 *
 * @module
 */
import type { ApiKey } from "./api_key.ts";

/** The value of each variable once read. */
export interface Variables {
  readonly RECOTEM_SIGNING_KEYS: string | null;
  readonly RECOTEM_API_KEYS: readonly ApiKey[];
  readonly RECOTEM_HOST: string;
  readonly RECOTEM_PORT: number;
  readonly RECOTEM_ALLOWED_HOSTS: readonly string[];
  readonly RECOTEM_ALLOWED_ORIGINS: readonly string[];
  readonly RECOTEM_MAX_ARTIFACT_BYTES: number;
  readonly RECOTEM_MAX_PAYLOAD_BYTES: number;
  readonly RECOTEM_MAX_DOWNLOAD_BYTES: number;
  readonly RECOTEM_MAX_MEMORY_BYTES: number | null;
  readonly RECOTEM_HTTP_TIMEOUT_SECONDS: number;
  readonly RECOTEM_HTTP_ALLOW_PRIVATE: boolean;
  readonly RECOTEM_MAX_SQL_ROWS: number;
  readonly RECOTEM_SQL_ALLOW_PRIVATE: boolean;
  readonly RECOTEM_BQ_REQUIRE_STORAGE_API: boolean;
  readonly RECOTEM_PLUGINS: readonly string[];
  readonly RECOTEM_WATCH_INTERVAL: number;
  readonly RECOTEM_STARTUP_PARALLELISM: number | null;
  readonly RECOTEM_ENV: string;
  readonly RECOTEM_DRAIN_SECONDS: number;
  readonly RECOTEM_LOG_FORMAT: "auto" | "json" | "console";
  readonly RECOTEM_LOG_LEVEL: "debug" | "info" | "warn" | "error";
  readonly RECOTEM_ARTIFACT_ROOT: string | null;
  readonly RECOTEM_LOCK_DIR: string | null;
  readonly RECOTEM_STORAGE_USER: string | null;
  readonly RECOTEM_STORAGE_PASSWORD: string | null;
  readonly RECOTEM_METADATA_FIELD_DENY: readonly string[];
  readonly RECOTEM_METRICS_ENABLED: boolean;
  readonly RECOTEM_PLAYGROUND: boolean;
  readonly RECOTEM_RECIPES: string | null;
  readonly RECOTEM_ALLOW_ROLLBACK: boolean;
  readonly RECOTEM_MAX_MODEL_AGE: number | null;
  readonly RECOTEM_ADAPTERS: readonly string[];
  readonly RECOTEM_ACCESS_LOG: boolean;
  readonly RECOTEM_WORKER: string | null;
}

/** How a text becomes a value. */
export type VariableType =
  /** As it is. */
  | { readonly type: "text" }
  /** True for `1 true yes on`, any case; false for all else. */
  | { readonly type: "flag" }
  /** Texts between commas, blanks around them dropped. */
  | {
    readonly type: "list";
    readonly lowerCase?: true;
    /** Each text must be one of these. */
    readonly choices?: readonly string[];
  }
  /** One of these words. */
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** Pulled to the nearer bound; no number at all means the default. */
  | { readonly type: "integer"; readonly min: number; readonly max: number }
  /** Must be a whole number within the bounds. */
  | { readonly type: "port" }
  /** Pulled to the nearer bound; must be a number. */
  | { readonly type: "number"; readonly min: number; readonly max: number }
  /** `kid:sha256:hex64[,...]`. */
  | { readonly type: "api keys" };

/** One row of {@linkcode VARIABLES}. */
export type Variable<T> = VariableType & {
  /** Value when the variable is unset. */
  readonly default: T;
  /** Commands that read it; `all` is every command. */
  readonly readBy: readonly string[];
  /** One sentence for people. */
  readonly description: string;
};

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Name → row. `RECOTEM_RECIPE_*` is not here: recipes name those. */
export const VARIABLES: {
  readonly [Name in keyof Variables]: Variable<Variables[Name]>;
} = {
  RECOTEM_SIGNING_KEYS: {
    type: "text",
    default: null,
    readBy: ["train", "serve", "inspect", "recommend", "evaluate"],
    description:
      "Keys kid:hex64[,kid:hex64...]: the first signs artifacts, all verify.",
  },
  RECOTEM_API_KEYS: {
    type: "api keys",
    default: [],
    readBy: ["serve"],
    description: "Clients' keys by digest, kid:sha256:hex64[,...].",
  },
  RECOTEM_HOST: {
    type: "text",
    default: "127.0.0.1",
    readBy: ["serve"],
    description:
      "Address to listen on; 127.0.0.1 is forced while there are no API keys.",
  },
  RECOTEM_PORT: {
    type: "port",
    default: 8080,
    readBy: ["serve"],
    description: "Port to listen on, 1 to 65535.",
  },
  RECOTEM_ALLOWED_HOSTS: {
    type: "list",
    default: ["127.0.0.1", "localhost"],
    readBy: ["serve"],
    description: "Host headers that are answered; replaces the default.",
  },
  RECOTEM_ALLOWED_ORIGINS: {
    type: "list",
    default: [],
    readBy: ["serve"],
    description: "Origins that browsers may call from; none: no CORS headers.",
  },
  RECOTEM_MAX_ARTIFACT_BYTES: {
    type: "integer",
    default: 2 * GIB,
    min: MIB,
    max: 16 * GIB,
    readBy: ["train", "serve", "inspect", "recommend", "evaluate"],
    description: "Largest artifact file.",
  },
  RECOTEM_MAX_PAYLOAD_BYTES: {
    type: "integer",
    default: 512 * MIB,
    min: MIB,
    max: 16 * GIB,
    readBy: ["train", "serve", "inspect", "recommend", "evaluate"],
    description: "Largest payload in an artifact; at most the artifact's cap.",
  },
  RECOTEM_MAX_DOWNLOAD_BYTES: {
    type: "integer",
    default: 256 * MIB,
    min: MIB,
    max: 16 * GIB,
    readBy: ["train", "evaluate", "validate"],
    description:
      "Most bytes read from the files of a source, and as many again of item metadata.",
  },
  RECOTEM_MAX_MEMORY_BYTES: {
    type: "integer",
    default: null,
    min: MIB,
    max: 1024 * GIB,
    readBy: ["train"],
    description:
      "Memory that trials at once may take together; unset: what the machine has free, where that can be told.",
  },
  RECOTEM_HTTP_TIMEOUT_SECONDS: {
    type: "integer",
    default: 30,
    min: 1,
    max: 600,
    readBy: [
      "train",
      "serve",
      "evaluate",
      "inspect",
      "recommend",
      "prune",
      "validate",
    ],
    description:
      "Longest fetch of a file from the web, redirects and further attempts included; longest wait for an object store's answer, a second more for each 32 KiB sent to it, and for more of the answer.",
  },
  RECOTEM_HTTP_ALLOW_PRIVATE: {
    type: "flag",
    default: false,
    readBy: [
      "train",
      "serve",
      "evaluate",
      "inspect",
      "recommend",
      "prune",
      "validate",
    ],
    description: "Lets files be fetched from private addresses.",
  },
  RECOTEM_MAX_SQL_ROWS: {
    type: "integer",
    default: 50_000_000,
    min: 1_000,
    max: 500_000_000,
    readBy: ["train"],
    description: "Most rows read from a database.",
  },
  RECOTEM_SQL_ALLOW_PRIVATE: {
    type: "flag",
    default: false,
    readBy: ["train", "validate"],
    description: "Lets databases be reached at private addresses.",
  },
  RECOTEM_BQ_REQUIRE_STORAGE_API: {
    type: "flag",
    default: false,
    readBy: ["train"],
    description:
      "Refuses to read BigQuery's rows as JSON where its Storage API may not be used.",
  },
  RECOTEM_PLUGINS: {
    type: "list",
    default: [],
    readBy: ["train", "validate", "permissions", "compile", "evaluate"],
    description:
      "Modules that provide further sources: paths, jsr: or npm: specifiers.",
  },
  RECOTEM_WATCH_INTERVAL: {
    type: "number",
    default: 5,
    min: 1,
    max: 30,
    readBy: ["serve"],
    description: "Seconds between looks for new artifacts and recipes.",
  },
  RECOTEM_STARTUP_PARALLELISM: {
    type: "integer",
    default: null,
    min: 1,
    max: 32,
    readBy: ["serve"],
    description:
      "Artifacts loaded at once at start; unset: one per recipe, at most 8.",
  },
  RECOTEM_ENV: {
    type: "text",
    default: "",
    readBy: ["train", "serve", "inspect", "recommend"],
    description:
      "Name of the environment; flags for development work only where it says so.",
  },
  RECOTEM_DRAIN_SECONDS: {
    type: "integer",
    default: 30,
    min: 1,
    max: 300,
    readBy: ["serve"],
    description: "Longest wait for running requests when stopping.",
  },
  RECOTEM_LOG_FORMAT: {
    type: "choice",
    choices: ["auto", "json", "console"],
    default: "auto",
    readBy: ["all"],
    description:
      "How events are written; auto: console on a terminal, else JSON.",
  },
  RECOTEM_LOG_LEVEL: {
    type: "choice",
    choices: ["debug", "info", "warn", "error"],
    default: "info",
    readBy: ["all"],
    description: "Lowest level of event that is written.",
  },
  RECOTEM_ARTIFACT_ROOT: {
    type: "text",
    default: null,
    readBy: ["train", "serve", "validate", "prune", "evaluate"],
    description: "Folder that every local output must lie in.",
  },
  RECOTEM_LOCK_DIR: {
    type: "text",
    default: null,
    readBy: ["train"],
    description:
      "Folder of the locks of remote outputs; unset: recotem-locks in the folder for temporary files.",
  },
  RECOTEM_STORAGE_USER: {
    type: "text",
    default: null,
    readBy: ["train", "validate"],
    description: "User of the database in training.storage_path.",
  },
  RECOTEM_STORAGE_PASSWORD: {
    type: "text",
    default: null,
    readBy: ["train", "validate"],
    description: "Password of that user; unset: the server asks for none.",
  },
  RECOTEM_METADATA_FIELD_DENY: {
    type: "list",
    lowerCase: true,
    default: [],
    readBy: ["serve", "recommend"],
    description: "Item fields never answered, in any case.",
  },
  RECOTEM_METRICS_ENABLED: {
    type: "flag",
    default: false,
    readBy: ["serve"],
    description: "Registers the metrics routes.",
  },
  RECOTEM_PLAYGROUND: {
    type: "flag",
    default: false,
    readBy: ["serve"],
    description:
      "Registers the playground outside of development too; needs API keys there.",
  },
  RECOTEM_RECIPES: {
    type: "text",
    default: null,
    readBy: ["serve"],
    description: "Folder of recipes, where --recipes does not name one.",
  },
  RECOTEM_ALLOW_ROLLBACK: {
    type: "flag",
    default: false,
    readBy: ["serve"],
    description: "Lets an artifact replace a model that was trained after it.",
  },
  RECOTEM_MAX_MODEL_AGE: {
    type: "integer",
    default: null,
    min: 60,
    max: 10 * 366 * 86_400,
    readBy: ["serve"],
    description:
      "Seconds after its training from which a model is told as an error; unset: never.",
  },
  RECOTEM_ADAPTERS: {
    type: "list",
    lowerCase: true,
    choices: ["kserve", "sagemaker", "vertex"],
    default: [],
    readBy: ["serve"],
    description:
      "Routes of model platforms beside the own ones: kserve, sagemaker, vertex.",
  },
  RECOTEM_WORKER: {
    type: "text",
    default: null,
    readBy: ["serve"],
    description:
      "Which of the processes of recotem serve --workers this is, which sets it; a label of its metrics.",
  },
  RECOTEM_ACCESS_LOG: {
    type: "flag",
    default: false,
    readBy: ["serve"],
    description: "Tells of each request: route, status, time; no ids of users.",
  },
};
