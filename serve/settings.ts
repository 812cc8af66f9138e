import type { ApiKey } from "../core/config/api_key.ts";
import type { Arguments } from "../core/config/command.ts";
import type { SERVE } from "../core/config/commands.ts";
import type { Environment } from "../core/config/environment.ts";
import type { Events } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";
import type { Variables } from "../core/config/variables.ts";
import { RecotemError } from "../core/errors.ts";
import { type Adapters, readAdapters } from "./adapters.ts";

const LOOPBACK = "127.0.0.1";
const READ = [
  "RECOTEM_SIGNING_KEYS",
  "RECOTEM_API_KEYS",
  "RECOTEM_HOST",
  "RECOTEM_PORT",
  "RECOTEM_ALLOWED_HOSTS",
  "RECOTEM_ALLOWED_ORIGINS",
  "RECOTEM_MAX_ARTIFACT_BYTES",
  "RECOTEM_MAX_PAYLOAD_BYTES",
  "RECOTEM_WATCH_INTERVAL",
  "RECOTEM_STARTUP_PARALLELISM",
  "RECOTEM_ENV",
  "RECOTEM_DRAIN_SECONDS",
  "RECOTEM_ARTIFACT_ROOT",
  "RECOTEM_METADATA_FIELD_DENY",
  "RECOTEM_METRICS_ENABLED",
  "RECOTEM_PLAYGROUND",
  "RECOTEM_RECIPES",
  "RECOTEM_ALLOW_ROLLBACK",
  "RECOTEM_MAX_MODEL_AGE",
  "RECOTEM_ADAPTERS",
  "RECOTEM_ACCESS_LOG",
  "RECOTEM_WORKER",
] as const;

/** How a server is to run: flags and variables together. */
export interface Settings {
  readonly recipes: string;
  /** `K=V` texts that stand before the environment when recipes are read. */
  readonly envVars: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Empty: everyone may ask. */
  readonly apiKeys: readonly ApiKey[];
  readonly insecureNoAuth: boolean;
  /** Routes of platforms. */
  readonly adapters: Adapters;
  /** Whether an artifact may replace a model that was trained after it. */
  readonly allowRollback: boolean;
  /** Whether other processes may listen on the port too. */
  readonly reusePort: boolean;
  /** Processes that serve. */
  readonly workers: number;
  /** Whether artifacts are taken without a look at their signature. */
  readonly unsigned: boolean;
  /** Whether `RECOTEM_ENV` says so. */
  readonly development: boolean;
  /** Whether the playground is served, which names users and what they have. */
  readonly playground: boolean;
  /** What weakens security where it is not allowed: why; else null. */
  readonly unsafeFlags: RecotemError | null;
  readonly variables: Pick<Variables, typeof READ[number]>;
}

/**
 * Reads flags and variables of a server. Flags go before variables.
 *
 * @throws {RecotemError} `config_error` when a variable has no usable value; `usage_error` when nothing names the folder
 * of recipes.
 */
export function readSettings(
  flags: Arguments<typeof SERVE>["flags"],
  env: Environment,
  events: Events,
): Settings {
  const variables = readVariables(env, READ, events);
  const insecureNoAuth = flags["insecure-no-auth"];
  const apiKeys = insecureNoAuth ? [] : variables.RECOTEM_API_KEYS;
  const environment = variables.RECOTEM_ENV.toLowerCase();
  const development = isDevelopment(environment);
  const requested = flags.host ?? variables.RECOTEM_HOST;
  const adapters = readAdapters(variables.RECOTEM_ADAPTERS, env);
  const recipes = flags.recipes ?? variables.RECOTEM_RECIPES;
  if (recipes === null || recipes === undefined) {
    throw new RecotemError(
      "usage_error",
      'Missing --recipes, or RECOTEM_RECIPES in its place (see "recotem serve --help")',
    );
  }
  // A platform's server answers everyone on the platform's routes and nobody on others, so any address will do.
  const open = apiKeys.length === 0 && !insecureNoAuth && !adapters.platform;
  if (open && requested !== LOOPBACK) {
    events.warn("host_forced_to_loopback", {
      requested_host: requested,
      reason: "no API keys are configured",
      hint: "Set RECOTEM_API_KEYS to listen on other addresses",
    });
  }
  return {
    recipes,
    envVars: flags["env-var"],
    host: open ? LOOPBACK : requested,
    port: flags.port ?? adapters.vertex?.port ?? variables.RECOTEM_PORT,
    apiKeys,
    insecureNoAuth,
    adapters,
    allowRollback: flags["allow-rollback"] || variables.RECOTEM_ALLOW_ROLLBACK,
    reusePort: flags["reuse-port"] || flags.workers > 1,
    workers: flags.workers,
    unsigned: flags["dev-allow-unsigned"],
    development,
    playground: development || variables.RECOTEM_PLAYGROUND,
    unsafeFlags: checkUnsafeFlags(flags, environment) ??
      checkPlayground(variables, environment),
    variables:
      adapters.platform && env.get("RECOTEM_ALLOWED_HOSTS") === undefined
        ? { ...variables, RECOTEM_ALLOWED_HOSTS: ["*"] }
        : variables,
  };
}

function isDevelopment(environment: string): boolean {
  return ["development", "dev", "test"].includes(environment);
}

function checkUnsafeFlags(
  flags: Arguments<typeof SERVE>["flags"],
  environment: string,
): RecotemError | null {
  const unsigned = flags["dev-allow-unsigned"];
  if (unsigned && environment !== "development") {
    return new RecotemError(
      "config_error",
      "Flag --dev-allow-unsigned works only where RECOTEM_ENV is development",
    );
  }
  if (unsigned && !flags["i-understand-this-loads-arbitrary-code"]) {
    return new RecotemError(
      "config_error",
      "Flag --dev-allow-unsigned needs --i-understand-this-loads-arbitrary-code beside it",
    );
  }
  if (flags["insecure-no-auth"] && !isDevelopment(environment)) {
    return new RecotemError(
      "config_error",
      "Flag --insecure-no-auth works only where RECOTEM_ENV is development, dev or test",
    );
  }
  return null;
}

function checkPlayground(
  { RECOTEM_PLAYGROUND, RECOTEM_API_KEYS }: Settings["variables"],
  environment: string,
): RecotemError | null {
  if (
    !RECOTEM_PLAYGROUND || isDevelopment(environment) ||
    RECOTEM_API_KEYS.length > 0
  ) return null;
  return new RecotemError(
    "config_error",
    "RECOTEM_PLAYGROUND needs RECOTEM_API_KEYS unless RECOTEM_ENV is development, dev or test: it names users",
  );
}
