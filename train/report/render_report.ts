import { createHash } from "node:crypto";
import { algorithmsSection } from "./html/algorithms_section.ts";
import { catalogueSection } from "./html/catalogue_section.ts";
import { costSection } from "./html/cost_section.ts";
import { dataSection } from "./html/data_section.ts";
import { headline } from "./html/headline.ts";
import { Html, html, type HtmlValue } from "./html/html.ts";
import { parametersSection } from "./html/parameters_section.ts";
import { recipeSection } from "./html/recipe_section.ts";
import { samplesSection } from "./html/samples_section.ts";
import { scoreSection } from "./html/score_section.ts";
import { renderSection } from "./html/section.ts";
import { STYLES } from "./html/styles.ts";
import { trialsSection } from "./html/trials_section.ts";
import type { Report } from "./report.ts";

/**
 * A report as one HTML document that needs nothing else: no script, no network, no font. Its content security policy
 * allows its own style sheet and nothing more, so that no text of the data could run even if it were not escaped.
 *
 * @returns The document, below 500 kB for any number of trials and items.
 */
export function renderReport(report: Report): string {
  const sections = [
    scoreSection(report),
    algorithmsSection(report),
    parametersSection(report),
    costSection(report),
    catalogueSection(report),
    dataSection(report),
    samplesSection(report),
    recipeSection(report),
    trialsSection(report),
  ].filter((section) => section !== null);
  const digest = createHash("sha256").update(STYLES).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${digest}'`;
  const contents: HtmlValue = sections.map(({ id, title }) =>
    html`<li><a href="#${id}">${title}</a></li>`
  );
  const document = html`
    <html lang="en">
      <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>${report.recipe.name}: training report</title>
    ${Html.of([`<style>${STYLES}</style>`], [])}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <div class="page">
          <nav aria-label="Contents">
            <ul>${contents}</ul>
          </nav>
          <main id="content" tabindex="-1">
    ${headline(report)}
    ${sections.map(renderSection)}
          </main>
        </div>
      </body>
    </html>
  `;
  return `<!DOCTYPE html>\n${document}`;
}
