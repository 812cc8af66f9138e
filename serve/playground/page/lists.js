import { at, foreign, make, number, significant } from "./elements.js";
import { factsOf, titleOf } from "./items.js";

/**
 * Shows an answer beside what it was made of, `had`: {title, total, items, weights}. `titles` is the field that names
 * items; `showRelated` is called with the item whose relatives are wanted.
 */
export function showAnswer(
  { items, fallback, explanations = [] },
  had,
  { titles, showRelated },
) {
  at("recommended").hidden = at("history").hidden = false;
  at("recommended-title").textContent = fallback
    ? "Most popular: the model knows nothing of them"
    : "Recommended";
  const known = new Map(had.items.map((item) => [item.item_id, item]));
  const because = new Map(
    explanations.map((each) => [each.item_id, each.because]),
  );
  const best = Math.max(0, ...items.map(({ score }) => score));
  document.querySelector("#recommended ol").replaceChildren(
    ...items.map((item) =>
      recommendedRow(item, {
        best,
        titles,
        showRelated,
        because: (because.get(item.item_id) ?? []).map((reason) => ({
          ...reason,
          title: titleOf(known.get(reason.item_id) ?? reason, titles),
        })),
      })
    ),
  );
  showHistory(had, because, titles);
}

function recommendedRow(item, { best, titles, because, showRelated }) {
  const bar = make("i");
  const share = best > 0 ? Math.max(0, item.score) / best : 0;
  bar.style.setProperty("--share", share.toFixed(3));
  const more = make("button", {
    type: "button",
    className: "more",
    onclick: () => showRelated(item),
  }, "Related");
  more.setAttribute("aria-label", `Related to ${titleOf(item, titles)}`);
  const facts = factsOf(item, titles);
  facts.append(more);
  return make(
    "li",
    {},
    make(
      "div",
      {},
      make("div", { className: "title" }, foreign(titleOf(item, titles))),
      facts,
    ),
    make("div", { className: "value" }, scoreOf(item), bar),
    ...(because.length === 0 ? [] : [
      make(
        "div",
        { className: "because" },
        make("b", {}, "because of "),
        ...because.map(({ title, influence }) =>
          make(
            "span",
            { title: `influence ${significant(influence)}` },
            foreign(title),
          )
        ),
      ),
    ]),
  );
}

function scoreOf({ score }) {
  return make(
    "span",
    {},
    make("span", { className: "hidden" }, "score "),
    significant(score),
  );
}

/** Lists what someone has; what spoke for the recommendations stands first. */
function showHistory({ title, total, items, weights }, because, titles) {
  const spokeFor = new Map();
  for (const { item_id } of [...because.values()].flat()) {
    spokeFor.set(item_id, (spokeFor.get(item_id) ?? 0) + 1);
  }
  at("history-title").replaceChildren(foreign(title), ` (${number(total)})`);
  const rows = items.map((item, n) => ({
    item,
    weight: weights[n] ?? 1,
    reasons: spokeFor.get(item.item_id) ?? 0,
  })).sort((a, b) => b.reasons - a.reasons || b.weight - a.weight);
  document.querySelector("#history ul").replaceChildren(
    ...rows.map(({ item, weight, reasons }) => {
      const facts = factsOf(item, titles);
      if (weight !== 1) {
        facts.append(make("span", {}, `weight ${significant(weight)}`));
      }
      if (reasons > 0) {
        facts.append(make("span", {}, `a reason for ${reasons}`));
      }
      return make(
        "li",
        { className: reasons > 0 ? "reason" : "" },
        make("div", { className: "title" }, foreign(titleOf(item, titles))),
        facts,
      );
    }),
  );
  document.querySelector("#history .hint").textContent = items.length < total
    ? `The first ${number(items.length)} of them.`
    : "";
}
