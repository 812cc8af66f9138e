import type { Version } from "./version.ts";

/** The versions that were published, found by what answers say of the model they come from. */
export class Versions {
  readonly #known = new Map<string, Version>();

  /** Takes a version before a server can answer from it. */
  add(version: Version): void {
    const { recipe, id, trainedAt } = version;
    this.#known.set(`${recipe} ${id}`, version);
    this.#known.set(`${recipe} ${trainedAt}`, version);
  }

  /** The versions that an answer names, by recipe; throws when it names one that there is not. */
  named(body: unknown): ReadonlyMap<string, Version> {
    const found = new Map<string, Version>();
    for (const each of describedModels(body)) {
      const recipe = String(each.recipe ?? each.name);
      const name = `${recipe} ${each.model_version ?? each.trained_at}`;
      const version = this.#known.get(name);
      if (!version) throw new Error(`Nothing was published as ${name}`);
      found.set(recipe, version);
    }
    return found;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The parts of an answer that say which model they speak of. */
function describedModels(body: unknown): Members[] {
  if (Array.isArray(body)) return body;
  const { recipes, model, ...own } = body as Members;
  if (Array.isArray(recipes)) return recipes;
  if (model) return [model as Members];
  return own.model_version ? [own] : [];
}
