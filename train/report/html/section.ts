import { type Html, html, type HtmlValue } from "./html.ts";

/** A part of the document with a heading of its own. */
export interface Section {
  /** Where links to it lead. */
  readonly id: string;
  readonly title: string;
  readonly body: HtmlValue;
}

/** A section's markup. */
export function renderSection({ id, title, body }: Section): Html {
  return html`
    <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
    </section>
  `;
}
