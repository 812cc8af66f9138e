import { CUSTOMER, KEY, UNFOLLOWED } from "./names.ts";
import type { Question } from "./question.ts";

/** What a server tells, compared with what was asked. */
export class ServerLog {
  /** Warnings and errors, with the reason if they have one → how often they were told. */
  readonly complaints: Map<string, number> = new Map();
  /** Lines that must not be. */
  readonly faults: string[] = [];
  /** Id → what was told, or what must be told. */
  readonly #open = new Map<string, string>();

  /** Takes a request that was answered as it must be. */
  expect(id: string, { method, route, path, status }: Question): void {
    const recipe = /\/(shop|annex)\b/.exec(path)?.[1];
    this.#meet(id, [method, route, recipe, status].join(" "));
  }

  /** Takes a line of standard error. */
  take(line: string): void {
    const tells = line.includes(CUSTOMER) || line.includes(KEY);
    if (tells || !line.startsWith("{")) {
      this.faults.push(line);
      return;
    }
    const told = JSON.parse(line);
    const { level, event, reason } = told;
    if (event === "request_answered") {
      const { method, route, recipe, status, request_id: id } = told;
      if (id === UNFOLLOWED) return;
      this.#meet(id, [method, route, recipe, status].join(" "));
    } else if (level !== "info") {
      const name = [level, event, reason].join(" ").trim();
      this.complaints.set(name, (this.complaints.get(name) ?? 0) + 1);
    }
  }

  /** Requests that were answered and not told of, or the other way round. */
  unmatched(): string[] {
    return [...this.#open].map(([id, said]) => `${id}: ${said}`);
  }

  #meet(id: string, said: string): void {
    const other = this.#open.get(id);
    if (other === undefined) this.#open.set(id, said);
    else if (other === said) this.#open.delete(id);
    else this.faults.push(`${id}: ${said}, not ${other}`);
  }
}
