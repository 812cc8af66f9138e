import type { z } from "zod";

/** What a request must be. */
export interface RequestForm<Request> {
  /** The whole truth: checks, says what is wrong, and is the description in the API's document. */
  readonly schema: z.ZodType<Request>;
  /**
   * The request in a body of the kind that most are; null when the schema must look. The schema takes a tenth of the
   * time of an answer from a small model and leaves tens of megabytes of garbage under load.
   */
  readonly quick?: (body: Readonly<Record<string, unknown>>) => Request | null;
}
