import type { Split } from "../../../core/recipe/recipe.ts";
import type { Report } from "../report.ts";
import { shorten } from "../shorten.ts";
import { percent } from "./format.ts";
import { html } from "./html.ts";
import type { Section } from "./section.ts";
import { table } from "./table.ts";

/** Characters of a recipe that are shown; the JSON file has all. */
const MOST_RECIPE = 20_000;

/** What was asked for, and what came of it. */
export function recipeSection(
  { recipe, artifact, run, search }: Report,
): Section {
  return {
    id: "recipe",
    title: "Recipe and artifact",
    body: html`${
      recipe.text === null ? null : html`
        <p>As it was written; variables are not filled in, and what looks like a secret is blanked.</p>
        <pre tabindex="0" role="region"
          aria-label="Recipe"><code>${shorten(
            recipe.text,
            MOST_RECIPE,
          )}</code></pre>
      `
    }
${
      table({
        caption: "Where it came from",
        columns: [{ label: "What" }, { label: "Value" }],
        rows: ([
          ["Artifact", artifact.uri],
          ...(artifact.pointer ? [["Named by", artifact.pointer]] : []),
          ["SHA-256 of the artifact", artifact.sha256],
          ["Hash of the recipe", recipe.hash],
          ["Run", run.id],
          ["Kernels", run.engine],
          ["Held out", heldOut(search.split)],
        ] as const).map(([name, value]) => [
          name ?? "",
          html`<code>${value ?? ""}</code>`,
        ]),
      })
    }`,
  };
}

function heldOut(
  { scheme, heldout_ratio, test_user_ratio, test_ratio, seed }: Split,
): string {
  return [
    `${scheme} split, seed ${seed}`,
    `${percent(heldout_ratio)} of the interactions of ${
      percent(test_user_ratio)
    } of the users`,
    ...(test_ratio > 0 ? [`${percent(test_ratio)} seen by no trial`] : []),
  ].join(", ");
}
