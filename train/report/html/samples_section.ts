import type { Report, ReportedItem, ReportedSample } from "../report.ts";
import { counted } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { Section } from "./section.ts";

/** What the model says to a few users; null when there are none. */
export function samplesSection(
  { samples, data }: Report,
): Section | null {
  if (samples.length === 0) return null;
  const order = data.period ? "the latest first" : "some of them";
  return {
    id: "samples",
    title: "Sample recommendations",
    body: html`
      <p>Users of rising activity, chosen by the number of their items alone. What stands beside an item is how many users have it.</p>
      <p
        class="note"><b>This part names users and what they have.</b> Pass the report on only to those who may see the data; with <code>report: false</code> under <code>output</code> none is written.</p>
      ${samples.map((sample, n) => user(sample, n, order))}
    `,
  };
}

function user(
  { user_id, items, has, recommended }: ReportedSample,
  n: number,
  order: string,
): Html {
  return html`
    <article class="sample" aria-labelledby="user-${n}">
      <h3
        id="user-${n}">User <bdi>${user_id}</bdi> <span>has ${counted(
          items,
          "item",
          "items",
        )}</span></h3>
      <div>
        <h4>Has, ${order}</h4>
        <ul>${has.map((item) => html`<li>${naming(item)}</li>`)}</ul>
      </div>
      <div><h4>Recommended</h4>${recommended.length === 0
        ? html`<p class="small">Nothing: the model knows no item for this user.</p>`
        : html`<ol>${
          recommended.map((item) => html`<li>${naming(item)}</li>`)
        }</ol>`}</div>
    </article>
  `;
}

function naming({ item_id, title, users }: ReportedItem): Html {
  const id = html`<bdi>${item_id}</bdi>`;
  const seen = html`<small class="named">· ${
    counted(users, "user", "users")
  }</small>`;
  return title === null
    ? html`${id} ${seen}`
    : html`<bdi>${String(title)}</bdi> <small>${id}</small> ${seen}`;
}
