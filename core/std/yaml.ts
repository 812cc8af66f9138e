import { parse } from "@std/yaml/parse";

/** Parses one YAML 1.2 document; throws `SyntaxError` with line and column. */
export const parseYaml: (
  text: string,
  options?: {
    schema?: "failsafe" | "json" | "core";
    allowDuplicateKeys?: boolean;
  },
) => unknown = parse;
