import type { Context, MiddlewareHandler, Next } from "hono";
import { routePath } from "hono/route";
import type { AppEnv } from "./app_env.ts";

/** What is used of a span of OpenTelemetry. */
interface Span {
  updateName(name: string): unknown;
  setAttribute(key: string, value: string): unknown;
}

/** What is used of `Deno.telemetry`, whose types are those of a package that is not needed otherwise. */
interface Telemetry {
  readonly contextManager: {
    active(): { getValue(key: symbol): Span | undefined };
  };
}

/** Where OpenTelemetry's context holds the span. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/**
 * Gives the runtime's span of each request the name of its route, such as `POST /predict/:name`, and the attribute
 * `http.route`, which the runtime's metrics carry too. Routes and no paths: a path is of the client's choice, and would
 * make names without end.
 */
export function nameSpans(): MiddlewareHandler<AppEnv> {
  const { telemetry } = Deno as unknown as { readonly telemetry?: Telemetry };
  return (context, next) => {
    // There is none where no variable asks for them; to ask otherwise, older versions of the runtime end the process.
    const span = telemetry?.contextManager.active().getValue(SPAN);
    return span === undefined ? next() : name(span, context, next);
  };
}

async function name(
  span: Span,
  context: Context<AppEnv>,
  next: Next,
): Promise<void> {
  await next();
  const route = routePath(context, -1);
  span.updateName(`${context.req.method} ${route}`);
  span.setAttribute("http.route", route);
}
