import { recipeJsonSchema } from "./recipe_json_schema.ts";

/** The parts of JSON Schema that messages are made from. */
export interface JsonSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
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
  const root: JsonSchema = recipeJsonSchema();
  let schema = root;
  let value = document;
  for (const part of path) {
    schema = branches(schema, root).map((branch) => within(branch, part))
      .find((found) => found !== undefined) ?? {};
    value = (value as Readonly<Record<string | number, unknown>>)?.[part];
    const { type } = (value ?? {}) as { type?: unknown };
    schema = schema.oneOf?.find(({ properties }) =>
      properties?.type?.const === type
    ) ?? schema;
  }
  return meant(branches(schema, root), value) ?? schema;
}

/** The branch with a key of the value, else the first that is not null. */
function meant(
  all: readonly JsonSchema[],
  value: unknown,
): JsonSchema | undefined {
  const keys = Object.keys(value ?? {});
  return all.find(({ properties = {} }) =>
    keys.some((key) => Object.hasOwn(properties, key))
  ) ?? all.find(({ type }) => type !== "null");
}

/** All that a schema allows one of, by other names too. */
function branches(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const named = schema.$ref?.split("/").at(-1);
  if (named !== undefined) return branches(root.$defs?.[named] ?? {}, root);
  return schema.anyOf?.flatMap((branch) => branches(branch, root)) ?? [schema];
}

function within(
  schema: JsonSchema,
  part: string | number,
): JsonSchema | undefined {
  return typeof part === "number"
    ? schema.items
    : (schema.properties?.[part] ?? schema.additionalProperties) || undefined;
}
