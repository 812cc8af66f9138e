/** Markup that may be put into a document as it stands. Made by {@linkcode html} alone. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** Joins what an author wrote with values, which are escaped. */
  static of(strings: readonly string[], values: readonly HtmlValue[]): Html {
    let markup = strings[0] ?? "";
    for (const [n, value] of values.entries()) {
      markup += Html.#markupOf(value) + strings[n + 1]!;
    }
    return new Html(markup);
  }

  static #markupOf(value: HtmlValue): string {
    if (value instanceof Html) return value.#markup;
    if (value === null) return "";
    return typeof value === "string" || typeof value === "number"
      ? escape(String(value))
      : value.map((each) => Html.#markupOf(each)).join("");
  }

  /** The markup. */
  toString(): string {
    return this.#markup;
  }
}

/** What stands in the gaps of {@linkcode html}; null is nothing, a list is joined. */
export type HtmlValue = Html | string | number | null | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Markup with values in it. Every value that is not itself markup is escaped, so that it is text wherever text may stand
 * and in attributes between quotes; nothing may be put into scripts, styles or attributes without quotes.
 *
 * @example
 * ```ts
 * import { html } from "./html.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const title = `Tea & "Toast" <script>`;
 * assertEquals(
 *   String(html`<b>${title}</b>`),
 *   "<b>Tea &amp; &quot;Toast&quot; &lt;script&gt;</b>",
 * );
 * ```
 */
export function html(
  strings: TemplateStringsArray,
  ...values: HtmlValue[]
): Html {
  return Html.of(strings, values);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
