import { at, foreign, make, measured, number } from "./elements.js";

/** Shows what training said of a model. */
export function showCard(model) {
  const { best_score: score, best_score_interval: interval, metrics } = model;
  const name = `${model.metric.toUpperCase()}@${model.cutoff}`;
  const baseline = metrics?.popularity_score ?? null;
  at("score").textContent = measured(score);
  at("score-name").textContent = name;
  at("score-hint").replaceChildren(
    ...[
      interval && `95 % interval ${interval.map(measured).join(" to ")}`,
      baseline > 0 && score !== null &&
      `${
        number(score / baseline, 1)
      } times the most popular items, the tick at ${measured(baseline)}`,
    ].filter(Boolean).map((line) => make("span", {}, line)),
  );
  showScale(score ?? 0, interval, baseline);
  const { data_stats: data, tuning } = model;
  showFacts(document.querySelector("#card dl"), [
    ["Algorithm", model.best_algorithm],
    [
      "Test score",
      model.test_score == null ? null : measured(model.test_score),
    ],
    [
      "Coverage",
      metrics &&
      `${number(100 * metrics.coverage)} % of the items are in some list`,
    ],
    ["Trained", model.trained_at.replace("T", " ").replace("Z", " UTC")],
    [
      "Trials",
      `${number(tuning.n_completed)} of ${number(tuning.n_trials)} completed: ${
        tuning.tried_algorithms.join(", ")
      }`,
    ],
    ["Defaults", defaultsOf(model.serving)],
    [
      "Rows",
      `${number(data.n_rows)}; ${number(data.drop_count)} more were dropped`,
    ],
    ["Users", number(data.n_users)],
    ["Items", number(data.n_items)],
    ["Version", `${model.model_version.slice(0, 19)}…`],
    ["Recotem", `${model.recotem_version}, ${model.engine}`],
  ]);
  const parameters = Object.entries(model.best_params);
  showFacts(
    document.querySelector("#card .params"),
    parameters.map(([parameter, value]) => [parameter, JSON.stringify(value)]),
  );
}

/** Draws the score, its interval and the baseline between 0 and a little more than the largest. */
function showScale(score, interval = [score, score], baseline) {
  const end = 1.1 * Math.max(score, interval[1], baseline ?? 0) || 1;
  const scale = document.querySelector(".scale");
  const [low, high] = interval;
  scale.querySelector(".dot").style.setProperty("--at", score / end);
  scale.querySelector(".interval").style.setProperty("--at", low / end);
  scale.querySelector(".interval").style.setProperty(
    "--long",
    (high - low) / end,
  );
  scale.querySelector(".baseline").hidden = baseline === null;
  scale.querySelector(".baseline").style.setProperty(
    "--at",
    (baseline ?? 0) / end,
  );
}

/** Fills a list of terms; what is null or absent is left out. */
function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.filter(([, value]) => value !== null && value !== undefined)
      .flatMap((
        [term, value],
      ) => [make("dt", {}, term), make("dd", {}, foreign(value))]),
  );
}

/** What the recipe says for requests that do not; null for nothing. */
function defaultsOf(serving) {
  const said = Object.entries(serving ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      `${name} ${JSON.stringify(value, (_, part) => part ?? undefined)}`
    );
  return said.length === 0 ? null : said.join(", ");
}
