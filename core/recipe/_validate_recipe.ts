import type { z } from "zod";
import { didYouMean } from "../config/did_you_mean.ts";
import {
  expandEnvironment,
  type ExpansionOptions,
} from "./expand_environment.ts";
import { filePattern } from "./file_pattern.ts";
import { keyText, type Problem } from "./problem.ts";
import { schemaProblem } from "./_schema_problem.ts";
import type { ItemMetadata, Recipe, SourceConfig } from "./recipe.ts";
import { type PathUse, refusePath } from "./refuse_path.ts";
import { PLUGIN_RECIPE_SCHEMA, RECIPE_SCHEMA, SOURCE_TYPES } from "./schema.ts";
import { uriScheme } from "./uri_scheme.ts";

/**
 * The source types that plugins add, each with the keys of its block that are not expanded; `any` takes every type that
 * is not built in for one of them.
 */
export type SourcePlugins = ReadonlyMap<string, readonly string[]> | "any";

/** Options of {@linkcode validateRecipe}. */
export interface ValidationOptions extends Omit<ExpansionOptions, "verbatim"> {
  readonly sourcePlugins: SourcePlugins;
  /** As for a parsed recipe. */
  readonly readOnly: boolean;
}

/**
 * Makes a recipe of a document, or says what is wrong with it.
 *
 * Stages follow one another, and the first that finds something ends it: variables, name, paths, source, everything
 * else, pins of network sources.
 */
export function validateRecipe(
  raw: Readonly<Record<string, unknown>>,
  { sourcePlugins, readOnly, ...options }: ValidationOptions,
): Recipe | readonly Problem[] {
  const type = sourceType(raw.source);
  const known = type === null || SOURCE_TYPES.includes(type);
  let verbatim: readonly string[] = [];
  if (!known && sourcePlugins === "any") {
    // Whoever takes any source reads none of it.
    verbatim = Object.keys(raw.source as object).map((key) =>
      key.toLowerCase()
    );
  } else if (!known && sourcePlugins !== "any") {
    const keys = sourcePlugins.get(type);
    if (keys === undefined) return [unknownType(type, sourcePlugins)];
    verbatim = keys;
  }

  const expansion: Problem[] = [];
  const document = expandEnvironment(
    raw,
    { ...options, verbatim },
    expansion,
  );
  if (expansion.length > 0) return expansion;

  const schema = known ? RECIPE_SCHEMA : PLUGIN_RECIPE_SCHEMA;
  const result = schema.safeParse(document);
  const issues = result.error?.issues ?? [];
  const ofKey = (key: string) =>
    issues.filter(({ path }) => path.length > 0 && path[0] === key);
  const stages: readonly (() => readonly Problem[])[] = [
    () => schemaProblems(ofKey("name"), raw, issues),
    () => refusePaths(document, readOnly ? "artifact" : "output"),
    () => schemaProblems(ofKey("source"), raw, issues),
    () => schemaProblems(issues, raw, issues),
    () => result.success ? missingPins(result.data) : [],
    () => result.success ? pinnedPatterns(result.data) : [],
  ];
  for (const stage of stages) {
    const problems = stage();
    if (problems.length > 0) return problems;
  }
  return result.data!;
}

/** Null when there is none: a type that is missing is a missing key like any other. */
function sourceType(source: unknown): string | null {
  if (typeof source !== "object" || source === null) return null;
  const { type } = source as { type?: unknown };
  return typeof type === "string" ? type : null;
}

function unknownType(
  type: string,
  plugins: ReadonlyMap<string, unknown>,
): Problem {
  const types = [...SOURCE_TYPES, ...plugins.keys()];
  return {
    path: ["source", "type"],
    at: "value",
    code: "recipe_error",
    message: `Unknown source type ${keyText(type)}: there are ${
      types.join(", ")
    }${didYouMean(type, types)}`,
  };
}

function refusePaths(
  document: Readonly<Record<string, unknown>>,
  outputUse: PathUse,
): Problem[] {
  const paths = [
    ["source", "source"],
    ["item_metadata", "source"],
    ["output", outputUse],
  ] as const;
  return paths.flatMap(([block, use]): Problem[] => {
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
      config === null || !isUnpinned(config) ? [] : [{
        path: [block, "path"],
        at: "value",
        message:
          `Key ${block}.sha256 is missing: files from the network need their digest`,
        code: "recipe_security_error",
      }],
  );
}

/** A digest is that of one file. */
function pinnedPatterns({ source }: Recipe): Problem[] {
  const pinned = (source.type === "csv" || source.type === "parquet") &&
    source.sha256 !== null && filePattern(source.path) !== null;
  return !pinned ? [] : [{
    path: ["source", "sha256"],
    at: "value",
    message:
      "Key source.sha256 must not be set for several files: name one file in source.path",
    code: "recipe_error",
  }];
}

function isUnpinned(config: SourceConfig | ItemMetadata): boolean {
  return (config.type === "csv" || config.type === "parquet") &&
    config.sha256 === null &&
    ["http", "https"].includes(uriScheme(config.path));
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
