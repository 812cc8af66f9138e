import { z } from "zod";
import { ID } from "./_parts.ts";
import type { RequestForm } from "./request_form.ts";

/** What a user has. */
export interface HistoryRequest {
  readonly recipe: string;
  readonly user_id: string;
}

/** The body of the playground's look at a user. */
export const HISTORY_REQUEST: RequestForm<HistoryRequest> = {
  schema: z.strictObject({ recipe: z.string(), user_id: ID }),
};
