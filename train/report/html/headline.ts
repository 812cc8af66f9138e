import type { Report, ReportedScore } from "../report.ts";
import {
  between,
  count,
  counted,
  duration,
  parameter,
  score,
  size,
  time,
} from "./format.ts";
import { type Html, html, type HtmlValue } from "./html.ts";
import { metricAt } from "./metric_name.ts";

/** What a reader in a hurry reads. */
export function headline(report: Report): Html {
  const { recipe, run, result, search, artifact, data } = report;
  return html`
    <header class="headline">
      <p class="eyebrow">Training report</p>
      <h1>${recipe.name}</h1>
      <p class="lead">${summary(report)}</p>
      <dl class="cards">
    ${card(
      "Best model",
      result.algorithm,
      html`trial ${result.trial}${parameters(report)}`,
    )}
    ${card(metricAt(result), score(result.score), whatElse(report))}
    ${card("Trials", count(search.trials.length), states(report))}
    ${card(
      "Wall time",
      duration(run.wall_seconds),
      html`trials ${duration(search.seconds)}`,
    )}
    ${card("Artifact", size(artifact.bytes), kept(report))}
    ${card(
      "Data",
      count(data.rows_kept),
      html`interactions of ${counted(data.users, "user", "users")} with ${
        counted(data.items, "item", "items")
      }`,
    )}
      </dl>
      <p class="small">Trained ${time(run.trained_at)} by Recotem ${run
        .recotem_version}.</p>
    </header>
  `;
}

function card(name: string, value: HtmlValue, more: HtmlValue): Html {
  return html`
    <div>
      <dt>${name}</dt>
      <dd><strong>${value}</strong> <span>${more}</span></dd>
    </div>
  `;
}

function summary({ result, search }: Report): Html {
  const tried = search.algorithms.length;
  const best = html`<b>${result.algorithm}</b> ${
    tried === 1 ? "was trained" : `did best of ${tried} algorithms`
  }`;
  const { popularity_score: popular } = result;
  if (popular === null || result.score === null) return html`${best}.`;
  if (popular > 0 && result.score > popular) {
    return html`${best}: ${times(result.score / popular)} the ${
      metricAt(result)
    } of listing what is most popular.`;
  }
  return html`${best}, no better than listing what is most popular (${
    score(popular)
  }).`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

function parameters({ result }: Report): HtmlValue {
  return Object.entries(result.params).map(([name, value]) =>
    html`, ${name} ${parameter(value)}`
  );
}

function whatElse({ result, artifact }: Report): HtmlValue {
  const { interval, test, popularity_score } = result;
  const full = artifact.weights?.full_score ?? null;
  return [
    interval && `95 % interval ${between(interval)}`,
    test && `on what no trial has seen ${withInterval(test)}`,
    full !== null && full !== result.score && `with all weights ${score(full)}`,
    popularity_score !== null &&
    `most popular items ${score(popularity_score)}`,
  ].filter((part) => typeof part === "string")
    .map((part) =>
      html`
        <span>${part}</span>
      `
    );
}

function withInterval({ score: value, interval }: ReportedScore): string {
  return score(value) + (interval ? ` (${between(interval)})` : "");
}

function states({ search }: Report): string {
  const sum = (state: "pruned" | "failed") =>
    search.algorithms.reduce((total, own) => total + own[state], 0);
  const parts = [
    counted(search.algorithms.length, "algorithm", "algorithms"),
    ...(sum("pruned") > 0 ? [`${count(sum("pruned"))} stopped early`] : []),
    ...(sum("failed") > 0 ? [`${count(sum("failed"))} failed`] : []),
  ];
  return parts.join(", ");
}

function kept({ artifact }: Report): string {
  const { weights, model_kind } = artifact;
  const kind = `model of kind ${model_kind}`;
  if (weights === null) return kind;
  return `${kind}, ${
    weights.top_k === null ? "all" : count(weights.top_k)
  } weights per ${weights.per} item in ${weights.precision}`;
}
