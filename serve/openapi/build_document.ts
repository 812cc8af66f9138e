import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { VERSION } from "../../core/config/version.ts";
import { type Operation, OPERATIONS } from "./operations.ts";
import { ERROR, HEALTH_ANSWER, HEALTH_DETAILS_ANSWER } from "./schemas.ts";

/** The document of the API, OpenAPI 3.1, from the schemas that requests are checked with. */
export function buildDocument(): ReturnType<
  OpenAPIHono["getOpenAPI31Document"]
> {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
  });
  for (const operation of OPERATIONS) register(app, operation);
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Recotem", version: VERSION },
  });
}

function register(
  app: OpenAPIHono,
  { method, path, summary, key, request, example, answer, refusals }: Operation,
): void {
  app.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    ...(key && { security: [{ key: [] }] }),
    request: {
      ...(path.includes("{name}") && { params: z.object({ name: NAME }) }),
      ...(request && {
        body: {
          required: true,
          content: { [JSON_TYPE]: { schema: request, example } },
        },
      }),
    },
    responses: {
      200: answerOf("OK", answer),
      ...Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [
          status,
          // Health is told by the same answer, good or bad.
          answerOf(
            description,
            status === "503" && HEALTH.has(answer) ? answer : ERROR,
          ),
        ]),
      ),
    },
  });
}

const JSON_TYPE = "application/json";
const HEALTH: ReadonlySet<z.ZodType> = new Set([
  HEALTH_ANSWER,
  HEALTH_DETAILS_ANSWER,
]);
const NAME = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/).meta({
  description: "Name of a recipe",
  examples: ["shop"],
});

function answerOf(
  description: string,
  schema: z.ZodType,
): { description: string; content: Record<string, { schema: z.ZodType }> } {
  return { description, content: { [JSON_TYPE]: { schema } } };
}
