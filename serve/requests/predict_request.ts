import { z } from "zod";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../core/models/list_limits.ts";
import { refuse, whole } from "./_parts.ts";
import { isLimit } from "./_quick.ts";
import type { RequestForm } from "./request_form.ts";

/** Items for a known user, in the form of the first generation. */
export interface PredictRequest {
  readonly user_id: string;
  readonly cutoff: number;
}

const SCHEMA: z.ZodType<PredictRequest> = z.object({
  user_id: z.string().superRefine((id, context) => {
    if (!id.isWellFormed()) refuse(context, "string_type", "Must be text");
  }),
  cutoff: whole(1, MAX_LIMIT).default(DEFAULT_LIMIT),
}).meta({ id: "PredictRequest" });

function quick(
  { user_id, cutoff }: Readonly<Record<string, unknown>>,
): PredictRequest | null {
  return typeof user_id === "string" && user_id.isWellFormed() &&
      isLimit(cutoff)
    ? { user_id, cutoff: cutoff ?? DEFAULT_LIMIT }
    : null;
}

/** The body of `/predict/{name}`; fields that it does not know are ignored. */
export const PREDICT_REQUEST: RequestForm<PredictRequest> = {
  schema: SCHEMA,
  quick,
};
