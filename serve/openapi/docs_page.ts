import type { buildDocument } from "./build_document.ts";

type Document = ReturnType<typeof buildDocument>;

/** The API's document as one page of HTML: no scripts, and nothing from elsewhere. */
export function docsPage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(
    ([path, item]) =>
      (["get", "post"] as const).flatMap((method) => {
        const operation = item?.[method];
        return operation ? [section(method, path, operation)] : [];
      }),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<h3 id="${escape(name)}">${escape(name)}</h3>${block(schema)}`,
  );
  const { title, version } = document.info;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} API</title>
<style>${STYLE}</style>
<h1>${escape(title)} API ${escape(version)}</h1>
<p>As <a href="openapi.json">OpenAPI 3.1</a>. Routes with a key take it in the header <code>X-API-Key</code>.</p>
${operations.join("\n")}
<h2>Schemas</h2>
${schemas.join("\n")}
</html>
`;
}

const STYLE =
  "body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}" +
  "pre{background:#8881;padding:.5rem 1rem;overflow:auto}" +
  "summary{cursor:pointer}:root{color-scheme:light dark}" +
  "td{padding:0 1rem 0 0;vertical-align:top}";

interface Operation {
  readonly summary?: string;
  readonly security?: unknown;
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
}

function section(method: string, path: string, operation: Operation): string {
  const { summary = "", security, requestBody, responses = {} } = operation;
  const rows = Object.entries(responses).map(([status, response]) => {
    const { description = "" } = response as { description?: string };
    return `<tr><td>${escape(status)}<td>${escape(description)}<td>${
      schemaOf(response)
    }`;
  });
  return `<details><summary><code>${method.toUpperCase()} ${
    escape(path)
  }</code> ${escape(summary)}</summary>
<p>${security ? "Needs a key." : "Needs no key."} ${
    requestBody ? `Body: ${schemaOf(requestBody)}` : ""
  }</p>
<table>${rows.join("")}</table></details>`;
}

/** The schema of a body or an answer: a link, or itself. */
function schemaOf(holder: unknown): string {
  const { content } = holder as {
    content?: Record<string, { schema?: { $ref?: string } }>;
  };
  const schema = content?.["application/json"]?.schema;
  if (!schema) return "";
  const name = schema.$ref?.split("/").at(-1);
  return name
    ? `<a href="#${escape(name)}">${escape(name)}</a>`
    : block(schema);
}

function block(value: unknown): string {
  const json = escape(JSON.stringify(value, null, 2));
  return `<pre>${
    json.replaceAll(
      /&quot;#\/components\/schemas\/(\w+)&quot;/g,
      '<a href="#$1">$1</a>',
    )
  }</pre>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
