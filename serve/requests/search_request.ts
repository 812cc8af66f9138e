import { z } from "zod";
import { MAX_ID_LENGTH, whole } from "./_parts.ts";
import type { RequestForm } from "./request_form.ts";

/** Most users or items of one answer. */
const MAX_FOUND = 50;
/** More than there can be of either. */
const MAX_OFFSET = 2 ** 32 - 1;

/** Some users or items of a recipe. */
export interface SearchRequest {
  readonly recipe: string;
  /** What their ids start with or, of items, what they are called; empty for all. */
  readonly search: string;
  /** How many of them to pass over. */
  readonly offset: number;
  readonly limit: number;
}

/** The body of a search in the playground: of a POST, because ids are personal data and paths are written into logs. */
export const SEARCH_REQUEST: RequestForm<SearchRequest> = {
  schema: z.strictObject({
    recipe: z.string(),
    search: z.string().max(MAX_ID_LENGTH).default(""),
    offset: whole(0, MAX_OFFSET).default(0),
    limit: whole(1, MAX_FOUND).default(10),
  }),
};
