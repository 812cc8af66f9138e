import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";

/** `GET /openapi.json`, the document of the API, and `GET /docs` and `/redoc`, the same to be read. */
export function docsRoutes(): Hono<AppEnv> {
  async function page(context: Context<AppEnv>): Promise<Response> {
    const { buildDocument } = await import("../openapi/build_document.ts");
    const { docsPage, DOCS_STYLE } = await import("../openapi/docs_page.ts");
    const digest = createHash("sha256").update(DOCS_STYLE).digest("base64");
    return new Response(docsPage(buildDocument()), {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy":
          `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
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
