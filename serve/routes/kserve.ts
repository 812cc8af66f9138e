import { type Context, Hono } from "hono";
import { VERSION } from "../../core/config/version.ts";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { RouteOptions } from "./_route_options.ts";
import { createAskVerb } from "./_ask_verb.ts";
import { type BatchResult, readUsers, tensorsOf } from "./_kserve_tensors.ts";
import { isReady, readObject } from "./_platform_request.ts";

const INPUTS = [{ name: "user_id", datatype: "BYTES", shape: [-1] }];
const OUTPUTS = [
  { name: "item_id", datatype: "BYTES", shape: [-1, -1] },
  { name: "score", datatype: "FP32", shape: [-1, -1] },
  { name: "count", datatype: "INT32", shape: [-1] },
];

/**
 * The HTTP side of the Open Inference Protocol (KServe v2) at `/v2`: a recipe is a model, its version the digest of the
 * artifact. The input `user_id` gives, per user, a row of `item_id` and of `score`, and in `count` how many of the row
 * are items: 0 for a user that the model does not know; what comes after them is filled with `""` and 0. The request's
 * `parameters` are fields of `:recommend`, such as `limit`.
 */
export function kserveRoutes(options: RouteOptions): Hono<AppEnv> {
  const { registry, authenticate } = options;
  const ask = createAskVerb(options);

  function write(
    context: Context<AppEnv>,
    status: number,
    value: unknown,
  ): Response {
    return jsonResponse(context, status, JSON.stringify(value));
  }
  function describe(context: Context<AppEnv>): Response {
    const name = context.req.param("name")!;
    const model = registry.get(name)?.model;
    return model
      ? write(context, 200, {
        name,
        versions: [model.version],
        platform: "recotem",
        inputs: INPUTS,
        outputs: OUTPUTS,
      })
      : write(context, 404, { error: "There is no model of this name" });
  }
  async function infer(context: Context<AppEnv>): Promise<Response> {
    const body = await readObject(context);
    if (body instanceof Response) {
      return write(context, 400, { error: "The body is not a JSON object" });
    }
    const users = readUsers(body.inputs);
    if (users === null) {
      const error =
        "The request must have one input, user_id, of datatype BYTES";
      return write(context, 400, { error });
    }
    const name = context.req.param("name")!;
    const fields = Object(body.parameters);
    const answer = await ask(context, name, "batch-recommend", {
      requests: users.map((user_id) => ({ ...fields, user_id })),
    });
    if (answer.status !== 200) {
      const status = answer.status === 422 ? 400 : answer.status;
      return write(context, status, { error: answer.body.detail });
    }
    const tensors = tensorsOf(answer.body.results as BatchResult[]);
    if ("error" in tensors) return write(context, 400, tensors);
    return write(context, 200, {
      model_name: name,
      model_version: answer.body.model_version,
      ...(typeof body.id === "string" && { id: body.id }),
      outputs: tensors.outputs.filter(({ name }) => isAsked(name, body)),
    });
  }

  const app = new Hono<AppEnv>();
  app.get("/v2", (context) =>
    write(context, 200, {
      name: "recotem",
      version: VERSION,
      extensions: [],
    }));
  app.get("/v2/health/live", (context) => write(context, 200, { live: true }));
  app.get("/v2/health/ready", (context) => {
    const ready = isReady(registry);
    return write(context, ready ? 200 : 400, { ready });
  });
  app.get("/v2/models/:name/ready", (context) => {
    const name = context.req.param("name");
    const ready = Boolean(registry.get(name)?.model);
    return write(context, ready ? 200 : 400, { name, ready });
  });
  app.get("/v2/models/:name", authenticate, describe);
  app.post("/v2/models/:name/infer", authenticate, infer);
  app.all("/v2/models/:name/infer", methodNotAllowed("POST"));
  return app;
}

/** Whether a request that may name the outputs it wants wants this one. */
function isAsked(
  name: string,
  { outputs }: Readonly<Record<string, unknown>>,
): boolean {
  return !Array.isArray(outputs) || outputs.length === 0 ||
    outputs.some((output) => Object(output).name === name);
}
