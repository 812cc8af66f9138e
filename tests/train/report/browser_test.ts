/** Reports in a browser: what its parser makes of them, and what axe-core says of that. */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import { renderReport } from "../../../train/report/render_report.ts";
import { inBrowser, testInBrowser } from "./browser.ts";
import { ofAlgorithm, reportOf } from "./fixture.ts";
import { HOSTILE, hostileReport } from "./hostile_report.ts";

async function document(): Promise<string> {
  return renderReport(
    await reportOf({
      trials: Array.from(
        { length: 12 },
        (_, n) =>
          ofAlgorithm(["TopPop", "IALS", "RP3beta", "CosineKNN"][n % 4]!, n),
      ),
      recipeText: "name: books\n",
      fields: [{ name: "title", type: "text", values: ["A", "B", "C", "D"] }],
    }),
  );
}

for (const scheme of ["light", "dark"] as const) {
  testInBrowser(
    `a report has no fault that axe-core finds, in ${scheme} colours`,
    async (browser) => {
      const found = await inBrowser(browser, {
        scheme,
        // The policy of the report forbids what the test puts in.
        document: (await document()).replace(/<meta http-equiv[^>]*>/, "")
          .replaceAll("<details", "<details open"),
        scripts: [axe.source],
        async run() {
          // deno-lint-ignore no-explicit-any -- what axe-core defines
          const { violations, passes } = await (globalThis as any).axe.run();
          return {
            passes: passes.length,
            faults: violations.map(
              (fault: { id: string; nodes: { html: string }[] }) => [
                fault.id,
                ...fault.nodes.map(({ html }) => html.slice(0, 200)),
              ],
            ),
          };
        },
      });
      assertEquals(found.faults, []);
      assert(found.passes > 30);
    },
  );
}

testInBrowser(
  "a report of hostile texts has no element and runs no script that it should not",
  async (browser) => {
    const found = await inBrowser(browser, {
      scheme: "light",
      document: (await renderReport(await hostileReport()))
        .replace(/<meta http-equiv[^>]*>/, ""),
      scripts: [],
      run() {
        const { document } = globalThis as unknown as {
          document: {
            title: string;
            querySelectorAll(selector: string): Iterable<
              {
                tagName: string;
                textContent: string;
                attributes: Iterable<{ name: string }>;
              }
            >;
          };
        };
        const all = [...document.querySelectorAll("*")];
        return {
          title: document.title,
          elements: [
            ...document.querySelectorAll(
              "img, iframe, object, link, form, body script:not([data-test])",
            ),
          ].map(({ tagName }) => tagName),
          handlers: all.flatMap(({ attributes }) => [...attributes])
            .filter(({ name }) => name.startsWith("on") || name === "style")
            .length,
          isolated: [...document.querySelectorAll("bdi")]
            .map(({ textContent }) => textContent),
        };
      },
    });
    assertEquals(found.elements, []);
    assertEquals(found.handlers, 0);
    assertEquals(found.title, `${HOSTILE[0]}: training report`);
    for (const text of HOSTILE.slice(0, 3)) {
      assert(found.isolated.includes(text));
    }
  },
);

async function hostileDocument(): Promise<string> {
  return renderReport(await hostileReport());
}

for (
  const [what, makeDocument] of [
    ["a report", document],
    ["a report of hostile texts", hostileDocument],
  ] as const
) {
  testInBrowser(`${what} fits a window 400 pixels wide`, async (browser) => {
    const frame = (await makeDocument()).replaceAll("&", "&amp;")
      .replaceAll('"', "&quot;");
    const { inner, scrolled } = await inBrowser(browser, {
      scheme: "light",
      document:
        `<!DOCTYPE html><html lang="en"><body><iframe width="400" height="800" srcdoc="${frame}"></iframe></body></html>`,
      scripts: [],
      run() {
        const { frames } = globalThis as unknown as {
          frames: {
            document: {
              documentElement: { clientWidth: number; scrollWidth: number };
            };
          }[];
        };
        const { documentElement } = frames[0]!.document;
        return {
          inner: documentElement.clientWidth,
          scrolled: documentElement.scrollWidth,
        };
      },
    });
    assert(inner > 300 && inner <= 400);
    assertEquals(scrolled, inner);
  });
}
