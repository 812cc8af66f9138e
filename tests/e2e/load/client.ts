import { assert, assertEquals } from "@std/assert";
import type { LoadServer } from "./load_server.ts";
import { KEY } from "./names.ts";
import type { Question } from "./question.ts";
import type { ServerLog } from "./server_log.ts";
import type { Tally } from "./tally.ts";
import type { Version } from "./version.ts";
import type { Versions } from "./versions.ts";

/** What clients compare answers with, and note them in. */
export interface Notes {
  readonly versions: Versions;
  readonly tally: Tally;
  readonly log: ServerLog;
}

/** A client with connections of its own, who believes nothing. */
export class Client implements Disposable {
  /** Requests that were answered as they must be. */
  answered = 0;
  /** Recipe → version of the last answer that named one. */
  readonly last: Map<string, number> = new Map();
  readonly #name: string;
  readonly #server: LoadServer;
  readonly #notes: Notes;
  readonly #http = Deno.createHttpClient({ poolMaxIdlePerHost: 1 });

  /** @param name Stands in the ids of its requests. */
  constructor(name: string, server: LoadServer, notes: Notes) {
    this.#name = name;
    this.#server = server;
    this.#notes = notes;
  }

  /** Asks, and throws the question and the answer when the one does not fit the other. */
  async ask(question: Question): Promise<void> {
    const id = `${this.#name}-${this.answered}`;
    const { status, headers, text } = await this.#send(question, id);
    try {
      this.#check(question, id, { status, headers, text });
    } catch (error) {
      const { method, path, body = "" } = question;
      throw new Error(
        `${method} ${path} ${shortened(body)}: ${status} ${shortened(text)}`,
        { cause: error },
      );
    }
    this.answered++;
    this.#notes.tally.note(question.counted);
    this.#notes.log.expect(id, question);
  }

  async #send(
    { method, path, body, chunked, key = KEY }: Question,
    id: string,
  ): Promise<Answer> {
    const response = await fetch(this.#server.url + path, {
      client: this.#http,
      method,
      headers: {
        "X-Request-ID": id,
        ...(key !== null && { "X-API-Key": key }),
      },
      ...(body !== undefined && {
        body: chunked ? new Blob([body]).stream() : body,
      }),
    });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  #check(question: Question, id: string, answer: Answer): void {
    const { status, headers, text } = answer;
    assertEquals(status, question.status);
    assertEquals(headers.get("x-request-id"), id);
    if (question.code !== undefined) {
      const { code = null, detail } = JSON.parse(text);
      assert(typeof detail === "string");
      assertEquals(code, question.code);
    } else if (question.answer) {
      const body = JSON.parse(text);
      const { request_id = id, ...rest } = body;
      assertEquals(request_id, id);
      const named = this.#notes.versions.named(body);
      const said = Array.isArray(body) ? body : rest;
      assertEquals(said, question.answer((name) => named.get(name)!, said));
      this.#follow(named, headers.get("x-recotem-model-version"));
    }
  }

  /** One model serves after the other. */
  #follow(named: ReadonlyMap<string, Version>, header: string | null): void {
    for (const [recipe, { n, id }] of named) {
      assertEquals(header ?? id, id);
      assert(n >= (this.last.get(recipe) ?? 0), `Went back to ${recipe} ${n}`);
      this.last.set(recipe, n);
    }
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

function shortened(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
