import { Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import type { RouteOptions } from "./_route_options.ts";
import type { Adapters } from "../adapters.ts";
import { kserveRoutes } from "./kserve.ts";
import { sagemakerRoutes } from "./sagemaker.ts";
import { vertexRoutes } from "./vertex.ts";

/** The routes of the platforms that are on. */
export function adapterRoutes(
  { kserve, sagemaker, vertex }: Adapters,
  options: RouteOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  if (kserve) app.route("/", kserveRoutes(options));
  if (sagemaker) app.route("/", sagemakerRoutes(options));
  if (vertex) app.route("/", vertexRoutes(vertex, options));
  return app;
}
