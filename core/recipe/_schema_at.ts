import { recipeJsonSchema } from "./recipe_json_schema.ts";

/** The parts of JSON Schema that messages are made from. */
export interface JsonSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The schema of the value at a path; of several sources that of the source's type. */
export function schemaAt(
  path: readonly (string | number)[],
  document: unknown,
): JsonSchema {
  let schema: JsonSchema = recipeJsonSchema();
  let value = document;
  for (const part of path) {
    schema = (typeof part === "number"
      ? schema.items
      : schema.properties?.[part] ?? schema.additionalProperties) ?? {};
    value = (value as Readonly<Record<string | number, unknown>>)?.[part];
    const { type } = (value ?? {}) as { type?: unknown };
    schema = schema.oneOf?.find(({ properties }) =>
      properties?.type?.const === type
    ) ?? schema.anyOf?.find(({ type }) =>
      type !== "null"
    ) ?? schema;
  }
  return schema;
}
