import { z } from "zod";
import { MAX_LIMIT, refuse, whole } from "./_parts.ts";
import { DEFAULT_LIMIT } from "./default_limit.ts";

/** Items for a known user, in the form of the first generation. */
export interface PredictRequest {
  readonly user_id: string;
  readonly cutoff: number;
}

/** The body of `/predict/{name}`; fields that it does not know are ignored. */
export const PREDICT_REQUEST: z.ZodType<PredictRequest> = z.object({
  user_id: z.string().superRefine((id, context) => {
    if (!id.isWellFormed()) refuse(context, "string_type", "Must be text");
  }),
  cutoff: whole(1, MAX_LIMIT).default(DEFAULT_LIMIT),
}).meta({ id: "PredictRequest" });
