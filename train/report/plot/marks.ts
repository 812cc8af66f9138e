/**
 * What is drawn in a plot. Coordinates are shares of its width and height; paths keep their stroke's width however the
 * plot is stretched, so a point is a stroke of hardly any length: of none it would be missing in print.
 *
 * @module
 */
import { type Html, html } from "../html/html.ts";

/** Position in a plot, from 0 at the left and bottom to 1. */
export type Point = readonly [x: number, y: number];

/** Extent of the coordinates that marks are drawn in. */
export const UNITS = 1000;

/** How many colours the style sheet has, and how many shapes of points. */
const COLOURS = 7;
const SHAPES = 4;

/** Classes of the colour and shape of a series; no two of the first 28 agree in both. */
export function seriesClass(series: number): string {
  return `c${series % COLOURS} m${series % SHAPES}`;
}

/** Points of one series; those in the same place are drawn once. Nothing when there are none. */
export function points(
  places: readonly Point[],
  series: number,
  faint = false,
): Html | null {
  if (places.length === 0) return null;
  const path = [...new Set(places.map(dot))].join("");
  const classes = `${seriesClass(series)}${faint ? " faint" : ""}`;
  // A hollow shape is a full one with a smaller one of the background's colour upon it.
  const hollow = series % SHAPES >= 2
    ? html`
      <path class="hole ${classes}" d="${path}" />
    `
    : null;
  return html`
    <path class="point ${classes}" d="${path}" />${hollow}
  `;
}

/** One point of a series within a ring, to stand out. */
export function ringed(place: Point, series: number): Html {
  return html`
    <path class="ring" d="${dot(place)}" /><path class="ring hole"
      d="${dot(place)}" />${points([place], series)}
  `;
}

/** A line through points in their order; `step`: it changes at the points only. */
export function line(
  places: readonly Point[],
  classes: string,
  step = false,
): Html {
  const path = places.map((place, n) => {
    if (n === 0) return `M${coordinates(place)}`;
    const [x, y] = coordinates(place).split(" ");
    return step ? `H${x}V${y}` : `L${x} ${y}`;
  }).join("");
  return html`
    <path class="line ${classes}" d="${path}" />
  `;
}

/** The point of a series as a legend shows it. */
export function swatch(series: number): Html {
  return html`
    <svg class="swatch" viewBox="0 0 ${UNITS} ${UNITS}" width="16" height="16"
      aria-hidden="true">${points([[0.5, 0.5]], series)}</svg>
  `;
}

/** A line as a legend shows it. */
export function lineSwatch(classes: string): Html {
  return html`
    <svg class="swatch" viewBox="0 0 ${UNITS} ${UNITS}" width="24" height="16"
      preserveAspectRatio="none" aria-hidden="true">${line(
        [[0, 0.5], [1, 0.5]],
        classes,
      )}</svg>
  `;
}

function dot(place: Point): string {
  return `M${coordinates(place)}h.1`;
}

function coordinates([x, y]: Point): string {
  return `${Math.round(x * UNITS)} ${Math.round((1 - y) * UNITS)}`;
}
