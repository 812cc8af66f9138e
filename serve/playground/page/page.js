/* The playground: asks the server that sent it, and shows what comes. */
import { ask, hasKey, useKey } from "./ask.js";
import { showCard } from "./card.js";
import { Combobox } from "./combobox.js";
import { at, foreign, make, number } from "./elements.js";
import { titleOf } from "./items.js";
import { showAnswer } from "./lists.js";

/** The recipe that is asked: {name, error, users, items, title_field}. */
let recipe = null;
/** Items that were chosen for a visitor or as seeds: id → item. */
const chosen = new Map();
/** The question that is under way; a newer one ends it. */
let running = new AbortController();

/** Shows what went wrong; null takes it away. */
function tell(problem) {
  // A newer question has taken its place.
  if (problem?.name === "AbortError") return;
  at("problem").hidden = problem === null;
  at("problem").textContent = problem === null
    ? ""
    : problem instanceof TypeError
    ? "The server does not answer."
    : problem.message;
}

/** Runs what may fail, and tells how. */
async function attempt(work) {
  try {
    await work();
  } catch (problem) {
    tell(problem);
  }
}

function mode() {
  return document.querySelector("[name=mode]:checked").value;
}

const MODE_HINTS = {
  user: "",
  visitor: "Someone of whom only these items are known.",
  related: "What is most like these items.",
};

/** Shows the fields of the chosen mode. */
function showMode() {
  at("mode-hint").textContent = MODE_HINTS[mode()];
  at("by-user").hidden = mode() !== "user";
  at("by-items").hidden = mode() === "user";
  at("seen-line").hidden = mode() === "related";
}

function showChosen() {
  at("chosen").replaceChildren(...[...chosen.values()].map((item) => {
    const button = make(
      "button",
      { type: "button", onclick: () => drop(item.item_id) },
      foreign(titleOf(item, recipe.title_field)),
    );
    button.setAttribute(
      "aria-label",
      `Take away ${titleOf(item, recipe.title_field)}`,
    );
    return make("li", {}, button);
  }));
}

function drop(id) {
  chosen.delete(id);
  showChosen();
  at("item").focus();
  if (chosen.size > 0) recommend();
  else showNothing("Choose an item.");
}

/** The question of the form as {verb, body}; null while something is missing. */
function question() {
  const variety = at("variety").valueAsNumber;
  const list = {
    limit: Number(at("limit").value),
    ...(variety > 0 &&
      { diversity: { lambda: Number((1 - variety).toFixed(1)) } }),
  };
  const ids = [...chosen.keys()];
  if (mode() === "related") {
    return ids.length === 0
      ? null
      : { verb: "recommend-related", body: { seed_items: ids, ...list } };
  }
  const user = at("user").value;
  if (mode() === "user" ? user === "" : ids.length === 0) return null;
  return {
    verb: "recommend",
    body: {
      ...(mode() === "user" ? { user_id: user } : { items: ids }),
      ...list,
      ...(at("seen").checked && { include_seen: true }),
      fallback: "popular",
      explain: true,
    },
  };
}

function showNothing(text) {
  running.abort();
  document.body.classList.remove("busy");
  at("status").textContent = text;
  for (const id of ["recommended", "history", "exchange"]) at(id).hidden = true;
}

/** Asks the question of the form and shows the answer. */
async function recommend() {
  const asked = question();
  if (asked === null) {
    return showNothing(
      mode() === "user" ? "Choose a user." : "Choose an item.",
    );
  }
  running.abort();
  const { signal } = running = new AbortController();
  document.body.classList.add("busy");
  const path = `v1/recipes/${recipe.name}:${asked.verb}`;
  await attempt(async () => {
    const { answer, took } = await ask(path, asked.body, signal);
    const had = await historyOf(asked.body, answer, signal);
    tell(null);
    showAnswer(answer, had, { titles: recipe.title_field, showRelated });
    showExchange(path, asked.body, answer);
    const { length } = answer.items;
    at("status").textContent = [
      `${length} ${length === 1 ? "item" : "items"} in ${
        number(took, 1)
      } ms, there and back`,
      ...(answer.counts
        ? [`${number(answer.counts.seen)} left out because they have them`]
        : []),
      `model ${answer.model_version.slice(7, 15)}`,
    ].join(" · ");
  });
  if (!signal.aborted) document.body.classList.remove("busy");
}

/** What the answer was made of: {title, total, items, weights}. */
async function historyOf({ user_id }, { fallback }, signal) {
  if (user_id === undefined) {
    const title = mode() === "related" ? "Related to" : "What the visitor has";
    const items = [...chosen.values()];
    return { title, total: items.length, items, weights: [] };
  }
  const title = `What ${user_id} has`;
  if (fallback) return { title, total: 0, items: [], weights: [] };
  const body = { recipe: recipe.name, user_id };
  const { answer } = await ask("playground/api/history", body, signal);
  return { title, ...answer };
}

function showExchange(path, body, answer) {
  at("exchange").hidden = false;
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  at("request").textContent = [
    `curl ${new URL(path, document.baseURI)}`,
    "  -H 'Content-Type: application/json'",
    ...(hasKey() ? ['  -H "X-API-Key: $RECOTEM_API_KEY"'] : []),
    `  -d '${quoted}'`,
  ].join(" \\\n");
  at("answer").textContent = JSON.stringify(answer, null, 2);
}

/** Turns to what is related to one item. */
function showRelated(item) {
  chosen.clear();
  chosen.set(item.item_id, item);
  document.querySelector("[name=mode][value=related]").checked = true;
  showMode();
  showChosen();
  recommend();
  at("results").focus({ preventScroll: true });
  at("results").scrollIntoView({ block: "nearest" });
}

async function searchUsers(search, signal) {
  const body = { recipe: recipe.name, search };
  const { answer } = await ask("playground/api/users", body, signal);
  return answer.users.map(({ user_id, items }) => ({
    first: user_id,
    second: `${number(items)} ${items === 1 ? "item" : "items"}`,
    value: user_id,
  }));
}

async function searchItems(search, signal) {
  const body = { recipe: recipe.name, search };
  const { answer } = await ask("playground/api/items", body, signal);
  return answer.items.map((item) => ({
    first: titleOf(item, recipe.title_field),
    second: item.item_id,
    value: item,
  }));
}

/** Takes any user. */
async function randomUser() {
  await attempt(async () => {
    const offset = Math.floor(Math.random() * recipe.users);
    const body = { recipe: recipe.name, offset, limit: 1 };
    const { answer } = await ask("playground/api/users", body);
    at("user").value = answer.users[0]?.user_id ?? "";
    await recommend();
  });
}

/** Shows another recipe, and what it recommends to somebody. */
async function chooseRecipe(next) {
  recipe = next;
  chosen.clear();
  showChosen();
  at("user").value = "";
  at("user-hint").textContent = `One of ${
    number(next.users)
  }; type how the id starts.`;
  if (next.error !== null) tell(new Error(`${next.name}: ${next.error}`));
  await attempt(async () => {
    const { answer } = await ask(`v1/recipes/${next.name}`);
    showCard(answer);
  });
  if (mode() === "user" && next.users > 0) await randomUser();
  else await recommend();
}

/** Asks which recipes there are and shows the first. */
async function start() {
  const { answer } = await ask("playground/api/recipes");
  const loaded = answer.recipes.filter(({ users }) => users !== undefined);
  at("recipe").replaceChildren(
    ...answer.recipes.map(({ name, users }) =>
      make(
        "option",
        { value: name, disabled: users === undefined },
        users === undefined ? `${name}: no model` : name,
      )
    ),
  );
  at("unlock").hidden = true;
  at("recipes").hidden = false;
  at("recipe").disabled = loaded.length === 0;
  if (loaded.length === 0) {
    const reasons = answer.recipes.map(({ name, error }) =>
      `${name}: ${error}`
    );
    tell(new Error(["No recipe has a model yet.", ...reasons].join(" ")));
    return;
  }
  tell(null);
  at("play").hidden = false;
  at("recipe").value = loaded[0].name;
  at("recipe").addEventListener(
    "change",
    ({ target }) =>
      chooseRecipe(loaded.find(({ name }) => name === target.value)),
  );
  await chooseRecipe(loaded[0]);
}

function listen() {
  const users = new Combobox(at("user"), at("user-list"), {
    label: "Users",
    search: searchUsers,
    fail: tell,
    take(user) {
      at("user").value = user;
      recommend();
    },
  });
  new Combobox(at("item"), at("item-list"), {
    label: "Items",
    search: searchItems,
    fail: tell,
    take(item) {
      chosen.set(item.item_id, item);
      at("item").value = "";
      showChosen();
      recommend();
    },
  });
  at("item").addEventListener("keydown", ({ key }) => {
    if (key === "Backspace" && at("item").value === "" && chosen.size > 0) {
      drop([...chosen.keys()].at(-1));
    }
  });
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    users.close();
    recommend();
  });
  at("random").addEventListener("click", randomUser);
  for (const id of ["limit", "seen", "variety"]) {
    at(id).addEventListener("change", recommend);
  }
  at("variety").addEventListener("input", ({ target }) => {
    at("variety-value").textContent = target.value === "0"
      ? "as served"
      : target.value;
  });
  for (const each of document.querySelectorAll("[name=mode]")) {
    each.addEventListener("change", () => {
      showMode();
      recommend();
    });
  }
  at("unlock").addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(at("key").value);
    at("key").value = "";
    attempt(start);
  });
}

const { keyed, docs } = document.documentElement.dataset;
at("docs").hidden = docs !== "true";
listen();
if (keyed === "true") {
  at("unlock").hidden = false;
  at("key").focus();
} else {
  await attempt(start);
}
