import { type ErrorCode, RecotemError } from "../errors.ts";
import type { ErrorClass, Problem } from "./problem.ts";

/** The error for a place in a file: `path:line:column: message`. */
export function errorAt(
  path: string,
  { line, column }: { readonly line: number; readonly column: number },
  message: string,
  options: {
    readonly code?: ErrorCode;
    readonly errorClass: ErrorClass;
    readonly problems?: readonly string[];
    readonly cause?: unknown;
  },
): RecotemError {
  const { code = "recipe_error", errorClass, problems, cause } = options;
  return new RecotemError(code, `${path}:${line}:${column}: ${message}`, {
    details: {
      line,
      column,
      error_class: errorClass,
      ...(problems && { problems }),
    },
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * The error for a document that parses but is no recipe. The first problem makes the message, which says how many more
 * there are; all of them, one text each, are in `details.problems`.
 */
export async function problemsError(
  path: string,
  text: string,
  problems: readonly Problem[],
): Promise<RecotemError> {
  const { createLocator } = await import("./_locator.ts");
  const locate = createLocator(text);
  const placed = problems.map((problem) => ({
    ...problem,
    position: locate(problem),
  }));
  const first = placed[0]!;
  const more = placed.length - 1;
  return errorAt(
    path,
    first.position,
    first.message +
      (more === 0 ? "" : ` (and ${more} more problem${more === 1 ? "" : "s"})`),
    {
      code: first.code,
      errorClass: first.code === "recipe_security_error"
        ? "security"
        : "schema",
      problems: placed.map(({ position: { line, column }, message }) =>
        `${path}:${line}:${column}: ${message}`
      ),
    },
  );
}
