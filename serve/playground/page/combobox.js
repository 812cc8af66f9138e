import { foreign, make } from "./elements.js";

const SEARCH_DELAY_MS = 120;

/**
 * A text field with a list of what fits, as the ARIA practices describe: the focus stays in the field, arrows move
 * through the list, Enter takes, Escape closes.
 */
export class Combobox {
  #input;
  #list;
  #search;
  #take;
  #fail;
  #found = [];
  #active = -1;
  #asked = new AbortController();
  #timer = 0;

  /** `search` finds rows {first, second, value} for a text; `take` gets the value of the one that is taken, `fail` why a search failed. */
  constructor(input, list, { label, search, take, fail }) {
    this.#input = input;
    this.#list = list;
    this.#search = search;
    this.#take = take;
    this.#fail = fail;
    const attributes = {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(attributes)) {
      input.setAttribute(name, value);
    }
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    list.hidden = true;
    input.addEventListener("input", () => this.#open());
    input.addEventListener("click", () => this.#open());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.#press(event));
    // Keeps the focus in the field.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const row = [...list.children].indexOf(target.closest("li"));
      if (row >= 0) this.#choose(row);
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #open() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    this.#timer = setTimeout(
      () =>
        this.#search(this.#input.value, signal).then(
          (found) => signal.aborted || this.#show(found),
          this.#fail,
        ),
      SEARCH_DELAY_MS,
    );
  }

  #show(found) {
    this.#found = found;
    this.#list.replaceChildren(...found.map(({ first, second }, n) => {
      const row = make(
        "li",
        { id: `${this.#list.id}-${n}` },
        make("span", {}, foreign(first)),
        make("span", {}, foreign(second)),
      );
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      return row;
    }));
    this.#list.hidden = found.length === 0;
    this.#input.setAttribute("aria-expanded", String(found.length > 0));
    this.#activate(-1);
  }

  #activate(row) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = row;
    const option = this.#list.children[row];
    if (option === undefined) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }

  #choose(row) {
    const { value } = this.#found[row];
    this.close();
    this.#take(value);
  }

  #press(event) {
    const open = !this.#list.hidden;
    const rows = this.#found.length;
    if (event.key === "Escape" && open) {
      this.close();
    } else if (event.key === "Enter" && open && this.#active >= 0) {
      this.#choose(this.#active);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) this.#open();
      else {
        const step = event.key === "ArrowDown" ? 1 : -1;
        // One place more than there are rows: the field itself.
        const place = (this.#active + 1 + step + rows + 1) % (rows + 1);
        this.#activate(place - 1);
      }
    } else return;
    event.preventDefault();
  }
}
