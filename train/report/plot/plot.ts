import { type Html, html, type HtmlValue } from "../html/html.ts";
import { UNITS } from "./marks.ts";
import type { Scale } from "./scale.ts";

/** An axis with its name. */
export interface Axis {
  readonly scale: Scale;
  readonly label: string;
  /** Text of a mark. */
  format(value: number): string;
}

/** What a plot is made of. */
export interface PlotParts {
  /** What it shows, for those who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** In pixels; the width is what there is. */
  readonly height: number;
  readonly marks: HtmlValue;
}

/**
 * A plot as wide as its place: the axes are texts of constant size beside a drawing that is stretched. Its marks are made
 * by `marks.ts` with the same scales.
 */
export function plot(
  { description, x, y, height, marks }: PlotParts,
): Html {
  const left = (value: number) => `${round(100 * x.scale.at(value))}%`;
  const top = (value: number) => round(height * (1 - y.scale.at(value)));
  return html`
    <div class="plot" role="img" aria-label="${description}">
      <p class="y-label">${y.label}</p>
      <svg class="y-axis" height="${height}">${y.scale.ticks.map((tick) =>
        html`<text x="100%" dx="-8" dy=".32em" y="${top(tick)}">${
          y.format(tick)
        }</text>`
      )}</svg>
      <svg class="area" width="100%"
        height="${height}">${y.scale.ticks.map((tick) =>
          html`
            <line class="grid" x2="100%" y1="${top(tick)}" y2="${top(tick)}" />
          `
        )}${x.scale.ticks.map((tick) =>
          html`
            <line class="tick" x1="${left(tick)}" x2="${left(
              tick,
            )}" y1="${height}"
              y2="${height + 5}" />
          `
        )}<line class="base" x2="100%" y1="${height}" y2="${height}"/><svg class="marks" viewBox="0 0 ${UNITS} ${UNITS}" preserveAspectRatio="none" width="100%" height="100%">${marks}</svg></svg>
      <svg class="x-axis" width="100%" height="24">${x.scale.ticks.map((tick) =>
        html`<text x="${left(tick)}" y="18">${x.format(tick)}</text>`
      )}</svg>
      <p class="x-label">${x.label}</p>
    </div>
  `;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
