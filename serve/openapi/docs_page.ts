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
      `<h3 id="${escape(name)}">${escape(name)}</h3>${block(schema, name)}`,
  );
  const { title, version } = document.info;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} API</title>
<style>${DOCS_STYLE}</style>
<main>
<h1>${escape(title)} API ${escape(version)}</h1>
<p>As <a href="openapi.json">OpenAPI 3.1</a>. Routes with a key take it in the header <code>X-API-Key</code>.</p>
${operations.join("\n")}
<h2>Schemas</h2>
${schemas.join("\n")}
</main>
</html>
`;
}

/** The style sheet of the page, which its policy names by digest. */
export const DOCS_STYLE: string = `
:root { color-scheme: light dark; --paper: #fff; --raised: #f6f6f3; --ink: #1b1c1e; --soft: #595c61; --rule: #e2e2dd; --link: #0b5fa5; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #141618; --raised: #1d2023; --ink: #e9e9e6; --soft: #a7abb1; --rule: #303439; --link: #7db8f0; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3 { line-height: 1.25; }
h1 { margin: 0 0 .5rem; letter-spacing: -.015em; }
h2 { margin: 2.5rem 0 .5rem; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875rem; }
pre { margin: 0; padding: .75rem 1rem; background: var(--raised); border-radius: 6px; overflow: auto; overflow-wrap: normal; }
details { border-top: 1px solid var(--rule); }
details[open] { padding-bottom: 1rem; }
summary { display: grid; grid-template-columns: 1rem 3rem minmax(0, 24rem) 1fr; align-items: baseline; gap: 0 .75rem; padding: .6rem .25rem; cursor: pointer; }
summary::before { content: "▸" / ""; color: var(--link); }
[open] > summary::before { content: "▾" / ""; }
summary:hover { background: var(--raised); }
summary code:first-child, summary span { color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .3rem 1rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { color: var(--soft); font-size: .875rem; }
th:first-child { width: 4.5rem; }
td:last-child { overflow-wrap: normal; }
@media (max-width: 40rem) {
  summary { grid-template-columns: 1rem 2.75rem 1fr; }
  summary span { grid-column: 3; }
}
`;

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
    return `<tr><th scope="row">${escape(status)}<td>${
      escape(description)
    }<td>${schemaOf(response)}`;
  });
  return `<details><summary><code>${method.toUpperCase()}</code> <code>${
    escape(path)
  }</code> <span>${escape(summary)}</span></summary>
<p>${security ? "Needs a key." : "Needs no key."} ${
    requestBody ? `Body: ${schemaOf(requestBody)}` : ""
  }</p>
<table><thead><tr><th scope="col">Status<th scope="col">Means<th scope="col">Body</thead>${
    rows.join("")
  }</table></details>`;
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
    : block(schema, "Schema");
}

function block(value: unknown, name: string): string {
  const json = escape(JSON.stringify(value, null, 2));
  return `<pre tabindex="0" role="region" aria-label="${escape(name)}">${
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
