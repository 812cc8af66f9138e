import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";

/** `GET /openapi.json`, the document of the API, and `GET /docs` and `/redoc`, the same to be read. */
export function docsRoutes(): Hono<AppEnv> {
  async function page(context: Context<AppEnv>): Promise<Response> {
    const { buildDocument } = await import("../openapi/build_document.ts");
    const { docsPage } = await import("../openapi/docs_page.ts");
    return new Response(docsPage(buildDocument()), {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy":
          "default-src 'none'; style-src 'unsafe-inline'",
        "X-Request-ID": context.get("requestId"),
      },
    });
  }
  const app = new Hono<AppEnv>();
  // Loaded when asked for: a server for production has no use for them.
  app.get("/openapi.json", async (context) => {
    const { buildDocument } = await import("../openapi/build_document.ts");
    return jsonResponse(context, 200, JSON.stringify(buildDocument()));
  });
  app.get("/docs", page);
  app.get("/redoc", page);
  for (const path of ["/openapi.json", "/docs", "/redoc"]) {
    app.all(path, methodNotAllowed("GET, HEAD"));
  }
  return app;
}
