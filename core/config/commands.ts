/**
 * The commands as tables: flags, defaults, bounds, help.
 *
 * @module
 */
import type { Command } from "./command.ts";

// Flags of several commands. "as typeof" below repeats their types for declaration files, which are made file by file.

/** Allows artifacts without a real signature, where `RECOTEM_ENV=development`. */
const DEV_ALLOW_UNSIGNED = {
  type: "boolean",
  description:
    "Work without signing keys; only where RECOTEM_ENV is development",
} as const;

const UNDERSTOOD = {
  type: "boolean",
  description: "Needed beside --dev-allow-unsigned",
} as const;

const ENV_VAR = {
  type: "text",
  repeatable: true,
  placeholder: "K=V",
  description:
    "Value of ${K} in the recipe, before the environment's; may be repeated",
} as const;

/** `recotem train`. */
export const TRAIN = {
  name: "train",
  summary: "Trains the model of one recipe and writes its artifact",
  positionals: { RECIPE: "Recipe file" },
  flags: {
    "no-lock": { type: "boolean", description: "Do not take the lock" },
    "fail-on-busy": {
      type: "boolean",
      description: "Exit with 6, not 0, when another run holds the lock",
    },
    "lock-timeout": {
      type: "number",
      placeholder: "SEC",
      default: 0,
      min: 0,
      except: -1,
      valueError: "config_error",
      description: "Seconds to wait for the lock; -1 waits for ever",
    },
    "quiet": {
      type: "boolean",
      short: "q",
      description: "No event for each trial",
    },
    "verbose": {
      type: "boolean",
      short: "v",
      description: "Parameters in the event of each trial",
    },
    "run-id": {
      type: "text",
      placeholder: "ID",
      description:
        "Name of this run, 12 random hex digits unless given; an earlier run's name resumes its stored study",
    },
    "join": {
      type: "text",
      placeholder: "ID",
      description:
        "Run trials of the run of this name, which shares its study in a database and publishes what comes of it",
    },
    "env-var": ENV_VAR as typeof ENV_VAR,
    "dev-allow-unsigned": DEV_ALLOW_UNSIGNED as typeof DEV_ALLOW_UNSIGNED,
    "i-understand-this-loads-arbitrary-code": UNDERSTOOD as typeof UNDERSTOOD,
  },
} as const;

/** `recotem serve`. */
export const SERVE = {
  name: "serve",
  summary: "Answers recommendations over HTTP from trained artifacts",
  positionals: {},
  flags: {
    "recipes": {
      type: "text",
      placeholder: "DIR",
      description: "Folder of recipes, before RECOTEM_RECIPES",
    },
    "port": {
      type: "integer",
      short: "p",
      placeholder: "N",
      min: 1,
      max: 65535,
      valueError: "config_error",
      description: "Port to listen on, before RECOTEM_PORT",
    },
    "host": {
      type: "text",
      short: "H",
      placeholder: "HOST",
      description: "Address to listen on, before RECOTEM_HOST",
    },
    "env-var": ENV_VAR as typeof ENV_VAR,
    "reuse-port": {
      type: "boolean",
      description:
        "Share the port with other servers on this machine, which share the requests; Linux, and --unstable-net where serve/main.ts is run by hand",
    },
    "workers": {
      type: "integer",
      placeholder: "N",
      default: 1,
      min: 1,
      max: 256,
      description:
        "Processes that share the port, for more cores; each holds a copy of all models, and is started again when it ends; Linux",
    },
    "allow-rollback": {
      type: "boolean",
      description: "Let an artifact replace a model that was trained after it",
    },
    "insecure-no-auth": {
      type: "boolean",
      description:
        "Answer without API keys; only where RECOTEM_ENV is development, dev or test",
    },
    "dev-allow-unsigned": DEV_ALLOW_UNSIGNED as typeof DEV_ALLOW_UNSIGNED,
    "i-understand-this-loads-arbitrary-code": UNDERSTOOD as typeof UNDERSTOOD,
  },
} as const;

/** `recotem evaluate`. */
export const EVALUATE = {
  name: "evaluate",
  summary: "Scores a recipe's model as it is served, each default by itself",
  positionals: { RECIPE: "Recipe file; its model is published" },
  flags: {
    "json": { type: "boolean", description: "As JSON, not as a table" },
    "env-var": ENV_VAR as typeof ENV_VAR,
  },
} as const;

/** `recotem inspect`. */
export const INSPECT = {
  name: "inspect",
  summary: "Verifies an artifact and prints its header",
  positionals: { ARTIFACT: "Path or URI of the artifact or its pointer" },
  flags: {
    "dev-allow-unsigned": DEV_ALLOW_UNSIGNED as typeof DEV_ALLOW_UNSIGNED,
  },
} as const;

/** `recotem recommend`. */
export const RECOMMEND = {
  name: "recommend",
  summary: "Answers many users at once, to a file",
  positionals: { ARTIFACT: "Path or URI of the artifact or its pointer" },
  flags: {
    "out": {
      type: "text",
      required: true,
      placeholder: "FILE",
      description: "File to write; its name ends in .parquet, .csv or .jsonl",
    },
    "users": {
      type: "text",
      placeholder: "FILE",
      description: "Path or URI of the users, one id a line",
    },
    "column": {
      type: "text",
      placeholder: "NAME",
      description: "Column of the ids when --users is CSV with a header",
    },
    "all": {
      type: "boolean",
      description: "All users that the artifact knows",
    },
    "limit": {
      type: "integer",
      placeholder: "N",
      min: 1,
      max: 1000,
      description:
        "Most items for a user; without it what the recipe says, or 10",
    },
    "recipe": {
      type: "text",
      placeholder: "FILE",
      description:
        "Recipe of the artifact: answer as a server does by its serving block, where flags do not say otherwise",
    },
    "env-var": ENV_VAR as typeof ENV_VAR,
    "exclude-seen": {
      type: "boolean",
      description:
        "Leave out what a user has, as without this flag unless the recipe says otherwise",
    },
    "include-seen": {
      type: "boolean",
      description: "Items that a user has may be recommended again",
    },
    "metadata": {
      type: "boolean",
      description: "The fields of each item beside it",
    },
    "fallback": {
      type: "text",
      placeholder: "HOW",
      choices: ["popular", "none"],
      description:
        "popular: what most have, for users that the artifact does not know; none: they are left out, as without this flag unless the recipe says otherwise",
    },
    "dev-allow-unsigned": DEV_ALLOW_UNSIGNED as typeof DEV_ALLOW_UNSIGNED,
  },
} as const;

/** `recotem prune`. */
export const PRUNE = {
  name: "prune",
  summary: "Removes old versions of artifacts that recipes publish",
  positionals: { RECIPE: "Recipe file, or folder of recipes" },
  flags: {
    "keep": {
      type: "integer",
      placeholder: "N",
      min: 1,
      description:
        "Versions that stay, the published one among them; before output.keep",
    },
    "dry-run": {
      type: "boolean",
      description: "Print what would go, and remove nothing",
    },
    "env-var": ENV_VAR as typeof ENV_VAR,
  },
} as const;

/** `recotem validate`. */
export const VALIDATE = {
  name: "validate",
  summary: "Checks a recipe and that its data can be reached",
  positionals: { RECIPE: "Recipe file" },
  flags: { "env-var": ENV_VAR as typeof ENV_VAR },
} as const;

/** `recotem schema`. */
export const SCHEMA = {
  name: "schema",
  summary: "Prints the JSON Schema of recipes",
  positionals: {},
  flags: {},
} as const;

/** `recotem keygen`. */
export const KEYGEN = {
  name: "keygen",
  summary: "Makes a key and prints it once",
  positionals: {},
  flags: {
    "type": {
      type: "text",
      placeholder: "TYPE",
      choices: ["signing", "api"],
      default: "signing",
      valueError: "config_error",
      description: "What the key is for: signing or api",
    },
    "kid": {
      type: "text",
      placeholder: "NAME",
      description: "Name of the key; 8 random hex digits unless given",
    },
  },
} as const;

/** `recotem permissions`. */
export const PERMISSIONS = {
  name: "permissions",
  summary: "Prints the Deno permissions that training a recipe needs",
  positionals: { RECIPE: "Recipe file" },
  flags: {
    "env-var": ENV_VAR as typeof ENV_VAR,
    "json": { type: "boolean", description: "As JSON, not as flags" },
  },
} as const;

/** `recotem compile`. */
export const COMPILE = {
  name: "compile",
  summary:
    "Makes one executable of train or serve, its arguments and permissions built in",
  positionals: { ROLE: "train or serve; its own arguments follow" },
  flags: {
    "output": {
      type: "text",
      short: "o",
      placeholder: "FILE",
      description:
        "The executable; recotem-train or recotem-serve unless given",
    },
    "require": {
      type: "boolean",
      description:
        "Exit with 1, not 0, where Deno's base executable cannot be had",
    },
  },
} as const;

/** All commands, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  TRAIN,
  SERVE,
  EVALUATE,
  INSPECT,
  RECOMMEND,
  PRUNE,
  VALIDATE,
  SCHEMA,
  KEYGEN,
  PERMISSIONS,
  COMPILE,
];
