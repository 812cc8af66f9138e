import type { z } from "zod";

/** What is wrong by the only branch of a union that knows all fields that are there; else the issue itself. */
export function unfoldUnion(
  issue: z.core.$ZodIssue,
  path: readonly PropertyKey[] = [],
): z.core.$ZodIssue[] {
  const placed = { ...issue, path: [...path, ...issue.path] };
  if (issue.code !== "invalid_union") return [placed];
  const known = issue.errors.filter((branch) => !branch.some(isUnknownField));
  return known.length === 1
    ? known[0]!.flatMap((each) => unfoldUnion(each, placed.path))
    : [placed];
}

/** Whether an object has a field that was not asked for. */
export function isUnknownField({ code, path }: z.core.$ZodIssue): boolean {
  return code === "unrecognized_keys" && path.length === 0;
}
