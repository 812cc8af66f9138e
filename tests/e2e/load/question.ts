import type { Version } from "./version.ts";

/** A request, how it must be answered, and how the server must count it. */
export interface Question {
  readonly method: string;
  readonly path: string;
  /** Text that is sent as it stands. */
  readonly body?: string;
  /** Whether the body's length is not said before it comes. */
  readonly chunked?: boolean;
  /** The API key; default: a good one. Null: none. */
  readonly key?: string | null;
  readonly status: number;
  /** The body without the request's id, if the models that it names are of these versions. */
  readonly answer?: (
    versionOf: (recipe: string) => Version,
    body: unknown,
  ) => unknown;
  /** In place of an answer: the code of a refusal; null where there is only a `detail`. */
  readonly code?: string | null;
  /** Which of the server's counters go up. */
  readonly counted: Counted;
  /** The path as the access log names it. */
  readonly route: string;
}

/** What goes up by one request. */
export interface Counted {
  /** Of a request to a verb. */
  readonly verb?: {
    readonly recipe: string;
    readonly verb: string;
    readonly status: string;
  };
  /** Of a batch: how many elements it has, and the codes of those that fail. */
  readonly batch?: {
    readonly size: number;
    readonly failed: readonly string[];
  };
  /** Of a prediction. */
  readonly predict?: { readonly recipe: string; readonly status: string };
  /** Whether it is not valid, and to none of those. */
  readonly outside?: boolean;
}
