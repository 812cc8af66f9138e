import type { Serving } from "../../core/recipe/recipe.ts";
import type { ListRequest } from "../requests/list_request.ts";
import type { RequestForm } from "../requests/request_form.ts";
import type { ServedModel } from "../served_model.ts";
import type { Outcome } from "./outcome.ts";

/** A question that models answer with a list of items; each is a route for one request and a route for many. */
export interface Verb<Request extends ListRequest> {
  /** In the path; the many are `batch-` and this. */
  readonly name: "recommend" | "recommend-related";
  /** What a request must be. */
  readonly form: RequestForm<Request>;
  /**
   * The known user that a request asks nothing of but a list, whose answers may be kept while the recipe says nothing of
   * requests; null: another request.
   */
  readonly plainly?: (
    model: ServedModel,
    request: Request,
  ) => { readonly user: number; readonly limit: number } | null;
  /**
   * Answers, or says why not; never waits, so that a swap cannot come between. What the request does not say, `serving`
   * may: the recipe's word, null while there is none.
   */
  readonly ask: (
    model: ServedModel,
    request: Request,
    serving: Serving | null,
  ) => Outcome;
}
