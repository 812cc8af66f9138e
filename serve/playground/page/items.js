/* Items as a reader knows them; `titles` is the field that names them, or null. */
import { foreign, make } from "./elements.js";

const SHOWN_FACTS = 3;

/** The title of an item, or its id where there is none. */
export function titleOf(item, titles) {
  const title = titles === null ? null : item[titles];
  return title === null || title === undefined || title === ""
    ? item.item_id
    : String(title);
}

/** What is known of an item beside its title. */
export function factsOf(item, titles) {
  const facts = Object.entries(item)
    .filter(([name, value]) =>
      !["item_id", "score", titles].includes(name) && value !== null
    )
    .slice(0, SHOWN_FACTS)
    .map(([name, value]) =>
      make("span", {}, `${name} `, foreign(String(value)))
    );
  const named = titleOf(item, titles) !== item.item_id;
  return make(
    "div",
    { className: "facts" },
    ...(named ? [make("span", {}, foreign(item.item_id))] : []),
    ...facts,
  );
}
