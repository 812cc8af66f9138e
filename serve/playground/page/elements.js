/* Elements of the page, and numbers as they stand there. Text enters the page as text nodes only. */

/** The element with an id. */
export function at(id) {
  return document.getElementById(id);
}

/** An element with properties and children; strings become text nodes. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Text of unknown direction, which must not turn its neighbours around. */
export function foreign(text) {
  return make("bdi", {}, text);
}

export function number(value, digits = 0) {
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A score with three digits that count. */
export function significant(value) {
  return Math.abs(value) >= 1000
    ? number(value)
    : value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A score of a measure between 0 and 1. */
export function measured(value) {
  return value === null ? "none" : number(value, 4);
}
