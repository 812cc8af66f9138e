import type { Environment } from "../core/config/environment.ts";
import { RecotemError } from "../core/errors.ts";

/** What Vertex AI tells a container of its own. */
export interface VertexRoutes {
  /** Null where it is left to the server. */
  readonly port: number | null;
  readonly health: string;
  readonly predict: string;
}

/** Which platforms' routes are answered. */
export interface Adapters {
  readonly kserve: boolean;
  readonly sagemaker: boolean;
  readonly vertex: VertexRoutes | null;
  /** Whether a platform stands before the server that lets nobody else reach it, and presents no API key. */
  readonly platform: boolean;
}

/** A path without anything that a router would read as a pattern. */
const ROUTE = /^(\/[A-Za-z0-9._~-]+)+$/;
const PORT = /^[1-9]\d{0,4}$/;

/**
 * Reads which adapters are on: those named, and Vertex AI's where its variables are set.
 *
 * @param names Values of `RECOTEM_ADAPTERS`.
 * @throws {RecotemError} `config_error` when Vertex AI's variables are missing or malformed.
 */
export function readAdapters(
  names: readonly string[],
  env: Environment,
): Adapters {
  const sagemaker = names.includes("sagemaker");
  const wanted = names.includes("vertex") ||
    env.get("AIP_PREDICT_ROUTE") !== undefined;
  const vertex = wanted ? readVertexRoutes(env) : null;
  return {
    kserve: names.includes("kserve"),
    sagemaker,
    vertex,
    platform: sagemaker || vertex !== null,
  };
}

function readVertexRoutes(env: Environment): VertexRoutes {
  const port = env.get("AIP_HTTP_PORT");
  if (port !== undefined && !(PORT.test(port) && Number(port) <= 65_535)) {
    throw new RecotemError(
      "config_error",
      "AIP_HTTP_PORT must be a whole number from 1 to 65535",
    );
  }
  return {
    port: port === undefined ? null : Number(port),
    health: readRoute("AIP_HEALTH_ROUTE", env),
    predict: readRoute("AIP_PREDICT_ROUTE", env),
  };
}

function readRoute(name: string, env: Environment): string {
  const route = env.get(name);
  if (route !== undefined && ROUTE.test(route)) return route;
  throw new RecotemError(
    "config_error",
    `${name} must be a path such as /predict: Vertex AI sets it for its containers`,
  );
}
