import type { z } from "zod";
import { didYouMean } from "../config/did_you_mean.ts";
import type { ErrorCode } from "../errors.ts";
import { pathText, type Problem } from "./problem.ts";
import { type JsonSchema, schemaAt } from "./_schema_at.ts";
import { SOURCE_TYPES } from "./schema.ts";
import { unfoldUnion } from "./unfold_union.ts";

/** A problem and what it tells about others. */
export interface SchemaProblem extends Problem {
  readonly issue: z.core.$ZodIssue;
  /** The problem is a key that is not known. */
  readonly unknown?: true;
  /** The known key that was probably meant. */
  readonly meant?: string;
  /** The key that is required and not there. */
  readonly missing?: string;
}

/** Puts an issue of the schema into words; values are quoted as they stand in the file, before expansion. */
export function schemaProblem(
  issue: z.core.$ZodIssue,
  raw: Readonly<Record<string, unknown>>,
): readonly SchemaProblem[] {
  const [part, ...others] = unfoldUnion(issue);
  if (
    part !== undefined &&
    (others.length > 0 || part.code !== issue.code ||
      part.path.length > issue.path.length)
  ) {
    return [part, ...others].flatMap((each) => schemaProblem(each, raw))
      .map((problem) => ({ ...problem, issue }));
  }
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(schemaAt(path, raw).properties ?? {});
    return issue.keys.map((key) => unknownKey(issue, path, key, known));
  }
  const value = valueAt(raw, path);
  const name = pathText(path);
  if (value === undefined && issue.code !== "custom") {
    return [{
      issue,
      path,
      at: "key",
      missing: name,
      message: `Missing key ${name}${
        name === "source.type" ? `: one of ${SOURCE_TYPES.join(", ")}` : ""
      }`,
      code: "recipe_error",
    }];
  }
  return [{
    issue,
    path,
    at: "value",
    message: `Key ${name} ${rule(issue, value, schemaAt(path, raw))}`,
    code: issue.code === "custom"
      ? (issue.params?.code as ErrorCode | undefined) ?? "recipe_error"
      : "recipe_error",
  }];
}

function unknownKey(
  issue: z.core.$ZodIssue,
  path: readonly (string | number)[],
  key: string,
  known: readonly string[],
): SchemaProblem {
  const hint = didYouMean(key, known);
  const place = path.length === 0 ? "" : ` in ${pathText(path)}`;
  const meant = /"(.*)"/.exec(hint)?.[1];
  return {
    issue,
    path: [...path, key],
    at: "key",
    message: `Unknown key ${JSON.stringify(shorten(key))}${place}${
      hint || `: there are ${known.join(", ")}`
    }`,
    code: "recipe_error",
    unknown: true,
    ...(meant === undefined ? {} : { meant: pathText([...path, meant]) }),
  };
}

/** What the value must be, after "Key x". */
function rule(
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: JsonSchema,
): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kind(schema)}, not ${quote(value)}`;
    case "invalid_value": {
      const choices = issue.values.map(String);
      const hint = typeof value === "string" ? didYouMean(value, choices) : "";
      return `must be one of ${choices.join(", ")}, not ${quote(value)}${hint}`;
    }
    case "invalid_union":
      // A union of scalars names its choices itself; that of the sources has none that could fit.
      if (issue.errors.length > 0) {
        return `${issue.message}, not ${quote(value)}`;
      }
      return `must be one of ${SOURCE_TYPES.join(", ")}, not ${quote(value)}`;
    case "too_small":
    case "too_big":
      if (issue.origin === "string") return "must not be empty";
      if (issue.origin === "array") return "must have at least one entry";
      return `must be ${kind(schema)}, not ${quote(value)}`;
    default:
      // What requests share with recipes says "Must" there, where nothing stands before it.
      return issue.message.replace(/^Must /, "must ");
  }
}

/** What a schema asks for, in words. */
function kind(schema: JsonSchema): string {
  if (schema.oneOf) {
    return `a mapping whose type is one of ${SOURCE_TYPES.join(", ")}`;
  }
  switch (schema.type) {
    case "integer":
    case "number": {
      const bounds = [
        ["at least", schema.minimum],
        ["more than", schema.exclusiveMinimum],
        ["at most", schema.maximum],
        ["less than", schema.exclusiveMaximum],
      ].flatMap(([words, bound]) =>
        bound === undefined ? [] : `${words} ${bound}`
      );
      return [
        schema.type === "integer" ? "a whole number" : "a number",
        ...(bounds.length > 0 ? [bounds.join(" and ")] : []),
      ].join(", ");
    }
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    default:
      return "text";
  }
}

function quote(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string"
    ? JSON.stringify(shorten(value))
    : String(value);
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 61)}...` : text;
}

function valueAt(
  document: unknown,
  path: readonly (string | number)[],
): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (!Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
