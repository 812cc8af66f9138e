import { z } from "zod";
import type { Entry } from "./entry.ts";
import { parsePythonJson } from "./python_json.ts";

/** Any number: zod's own kind is a finite one. */
const double = z.custom<number>((value) => typeof value === "number");
const attributes = z.record(z.string(), z.unknown());
const time = z.string().nullable();

const schema = z.discriminatedUnion("op_code", [
  z.object({
    op_code: z.literal(0),
    study_name: z.string(),
    directions: z.array(z.int()),
  }),
  z.object({ op_code: z.literal(1), study_id: z.int() }),
  z.object({
    op_code: z.literal(2),
    study_id: z.int(),
    user_attr: attributes,
  }),
  z.object({
    op_code: z.literal(3),
    study_id: z.int(),
    system_attr: attributes,
  }),
  z.object({
    op_code: z.literal(4),
    study_id: z.int(),
    datetime_start: time.exactOptional(),
    datetime_complete: time.exactOptional(),
    state: z.int().exactOptional(),
    value: double.nullable().exactOptional(),
    values: z.array(double).nullable().exactOptional(),
    params: z.record(z.string(), double).exactOptional(),
    distributions: z.record(z.string(), z.string()).exactOptional(),
    intermediate_values: z.record(z.string(), double).exactOptional(),
    user_attrs: attributes.exactOptional(),
    system_attrs: attributes.exactOptional(),
  }),
  z.object({
    op_code: z.literal(5),
    trial_id: z.int(),
    param_name: z.string(),
    param_value_internal: double,
    distribution: z.string(),
  }),
  z.object({
    op_code: z.literal(6),
    trial_id: z.int(),
    state: z.int(),
    values: z.array(double).nullable(),
    datetime_start: time.exactOptional(),
    datetime_complete: time.exactOptional(),
  }),
  z.object({
    op_code: z.literal(7),
    trial_id: z.int(),
    step: z.int(),
    intermediate_value: double,
  }),
  z.object({
    op_code: z.literal(8),
    trial_id: z.int(),
    user_attr: attributes,
  }),
  z.object({
    op_code: z.literal(9),
    trial_id: z.int(),
    system_attr: attributes,
  }),
  z.object({ op_code: z.literal(10) }),
]);

/**
 * Reads a line of a journal.
 *
 * @throws {SyntaxError} If it is not an entry, with what is wrong in one line.
 */
export function parseEntry(line: string): Entry {
  const result = schema.safeParse(parsePythonJson(line));
  if (result.success) return result.data;
  const [{ path, message } = { path: [], message: "" }] = result.error.issues;
  throw new SyntaxError(
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
}
