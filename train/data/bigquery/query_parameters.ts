import { RecotemError } from "../../../core/errors.ts";

/** A value of a query as BigQuery takes it. */
export interface QueryParameter {
  readonly name: string;
  readonly parameterType: { readonly type: string };
  readonly parameterValue: { readonly value: string };
}

/**
 * Values with their types: truth values, whole numbers, other numbers and texts.
 *
 * @throws {RecotemError} `datasource_error` for a value that is none of these.
 */
export function queryParameters(
  values: Readonly<Record<string, unknown>>,
): QueryParameter[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    parameterType: { type: typeOf(name, value) },
    parameterValue: { value: String(value) },
  }));
}

function typeOf(name: string, value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "BOOL";
    case "number":
      return Number.isSafeInteger(value) ? "INT64" : "FLOAT64";
    case "string":
      return "STRING";
    default:
      throw new RecotemError(
        "datasource_error",
        `source.query_parameters.${name} must be text, a number or a truth value`,
      );
  }
}
