import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { html } from "../../../../train/report/html/html.ts";

Deno.test("html escapes every text and leaves markup as it is, in lists too", () => {
  const markup = html`<i>${"a<b"}</i>`;
  assertEquals(
    String(html`<p title="${'"'}">${markup}${["'", markup, 1, null]}</p>`),
    '<p title="&quot;"><i>a&lt;b</i>&#39;<i>a&lt;b</i>1</p>',
  );
});

Deno.test("html lets no text out of its place, and loses none of it", () => {
  const entities: Record<string, string> = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
  };
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const escaped = String(html`${text}`);
    assert(!/[<>"']/.test(escaped));
    assertEquals(
      escaped.replace(/&[^;]+;/g, (entity) => entities[entity] ?? "?"),
      text,
    );
  }));
});

Deno.test("html does not take a look-alike for markup", () => {
  const fake = { toString: () => "<script>" } as unknown as string;
  assertThrows(() => html`${fake}`, TypeError);
});
