import type { z } from "zod";
import { didYouMean } from "../config/did_you_mean.ts";
import {
  expandEnvironment,
  type ExpansionOptions,
} from "./expand_environment.ts";
import { keyText, type Problem } from "./problem.ts";
import { schemaProblem } from "./_schema_problem.ts";
import type { Recipe } from "./recipe.ts";
import { refusePath } from "./refuse_path.ts";
import { RECIPE_SCHEMA, SOURCE_TYPES } from "./schema.ts";
import { uriScheme } from "./uri_scheme.ts";

/**
 * Makes a recipe of a document, or says what is wrong with it.
 *
 * Stages follow one another, and the first that finds something ends it: variables, name, paths, source, everything
 * else, pins of network sources.
 */
export function validateRecipe(
  raw: Readonly<Record<string, unknown>>,
  options: ExpansionOptions,
): Recipe | readonly Problem[] {
  const unknownType = refuseSourceType(raw.source);
  if (unknownType.length > 0) return unknownType;

  const expansion: Problem[] = [];
  const document = expandEnvironment(raw, options, expansion);
  if (expansion.length > 0) return expansion;

  const result = RECIPE_SCHEMA.safeParse(document);
  const issues = result.error?.issues ?? [];
  const ofKey = (key: string) =>
    issues.filter(({ path }) => path.length > 0 && path[0] === key);
  const stages: readonly (() => readonly Problem[])[] = [
    () => schemaProblems(ofKey("name"), raw, issues),
    () => refusePaths(document),
    () => schemaProblems(ofKey("source"), raw, issues),
    () => schemaProblems(issues, raw, issues),
    () => result.success ? missingPins(result.data) : [],
  ];
  for (const stage of stages) {
    const problems = stage();
    if (problems.length > 0) return problems;
  }
  return result.data!;
}

/** Only a type that is there: one that is missing is a missing key like any other. */
function refuseSourceType(source: unknown): Problem[] {
  if (typeof source !== "object" || source === null) return [];
  const { type } = source as { type?: unknown };
  if (typeof type !== "string" || SOURCE_TYPES.includes(type)) return [];
  return [{
    path: ["source", "type"],
    at: "value",
    code: "recipe_error",
    message: `Unknown source type ${keyText(type)}: there are ${
      SOURCE_TYPES.join(", ")
    }${didYouMean(type, SOURCE_TYPES)}`,
  }];
}

const PATHS = [
  ["source", "source"],
  ["item_metadata", "source"],
  ["output", "output"],
] as const;

function refusePaths(document: Readonly<Record<string, unknown>>): Problem[] {
  return PATHS.flatMap(([block, use]): Problem[] => {
    const path = (document[block] as { path?: unknown } | null | undefined)
      ?.path;
    const refusal = typeof path === "string" ? refusePath(path, use) : null;
    if (refusal === null) return [];
    return [{
      path: [block, "path"],
      at: "value",
      message: `Key ${block}.path ${refusal}`,
      code: "recipe_security_error",
    }];
  });
}

function missingPins({ source, item_metadata }: Recipe): Problem[] {
  return Object.entries({ source, item_metadata }).flatMap(
    ([block, config]): Problem[] =>
      config === null || config.sha256 !== null ||
        !["http", "https"].includes(uriScheme(config.path))
        ? []
        : [{
          path: [block, "path"],
          at: "value",
          message:
            `Key ${block}.sha256 is missing: files from the network need their digest`,
          code: "recipe_security_error",
        }],
  );
}

/**
 * The problems behind some issues: unknown keys first, since they explain others, and without the missing keys that
 * an unknown one was meant to be.
 */
function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: Readonly<Record<string, unknown>>,
  all: readonly z.core.$ZodIssue[],
): readonly Problem[] {
  if (issues.length === 0) return [];
  const found = all.flatMap((issue) => schemaProblem(issue, raw));
  const meant = new Set(
    found.flatMap(({ meant }) => meant === undefined ? [] : [meant]),
  );
  const wanted = new Set(issues);
  const problems = found.filter((problem) =>
    wanted.has(problem.issue) && !meant.has(problem.missing ?? "")
  );
  return problems.filter(({ unknown }) => unknown)
    .concat(problems.filter(({ unknown }) => !unknown));
}
