import { type Html, html, type HtmlValue } from "./html.ts";

/** A column of a table. */
export interface TableColumn {
  readonly label: HtmlValue;
  /** Numbers stand at the right, drawings take the room that is left. */
  readonly kind?: "number" | "drawing";
}

/** What a table is made of. */
export interface TableParts {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** Each as long as there are columns; the first cell names the row. */
  readonly rows: readonly (readonly HtmlValue[])[];
}

/** A table that can be scrolled where it is too wide. */
export function table({ caption, columns, rows }: TableParts): Html {
  const classOf = (column: number) => columns[column]?.kind ?? "text";
  return html`
    <div class="scroll" role="region" tabindex="0" aria-label="${caption}">
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>${columns.map(({ label }, column) =>
            html`<th scope="col" class="${classOf(column)}">${label}</th>`
          )}</tr>
        </thead>
        <tbody>${rows.map(([first = null, ...others]) =>
          html`
            <tr><th scope="row" class="${classOf(0)}">${first}</th>${others.map(
              (cell, n) => html`<td class="${classOf(n + 1)}">${cell}</td>`,
            )}</tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

/** The numbers behind a plot, folded away. */
export function tableBehind(parts: TableParts): Html {
  return html`<details><summary>${parts.caption}, as a table</summary>${
    table(parts)
  }</details>`;
}
