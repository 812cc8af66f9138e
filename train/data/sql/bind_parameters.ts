import { RecotemError } from "../../../core/errors.ts";
import type { Dsn } from "../../../core/recipe/parse_dsn.ts";
import type { QueryValue } from "../../../core/recipe/recipe.ts";
import type { BoundQuery } from "./database.ts";

const COMMENT = String.raw`--[^\n]*|/\*[\s\S]*?\*/`;
const QUOTED = String.raw`'(?:''|[^'])*'|"(?:""|[^"])*"`;
const NAME = String.raw`::|:([A-Za-z_]\w*)`;

/** What is passed over, and names: group 1 of {@linkcode NAME}, which stands last. */
const TOKENS: Readonly<Record<Dsn["dialect"], RegExp>> = {
  postgresql: new RegExp(
    String
      .raw`${COMMENT}|\b[eE]'(?:\\[\s\S]|''|[^'\\])*'|${QUOTED}|\$(?:[A-Za-z_]\w*)?\$|${NAME}`,
    "g",
  ),
  mysql: new RegExp(
    String
      .raw`${COMMENT}|#[^\n]*|'(?:\\[\s\S]|''|[^'\\])*'|"(?:\\[\s\S]|""|[^"\\])*"|${"`[^`]*`"}|${NAME}`,
    "g",
  ),
  sqlite: new RegExp(
    String.raw`${COMMENT}|${QUOTED}|${"`[^`]*`"}|\[[^\]]*\]|${NAME}`,
    "g",
  ),
};

/**
 * Puts the placeholders of a dialect where a query has `:name`, outside of quotes and comments. Values stay apart from
 * the text.
 *
 * @throws {RecotemError} `datasource_error` when a name has no value, or a value no name.
 */
export function bindParameters(
  query: string,
  parameters: Readonly<Record<string, QueryValue>>,
  dialect: Dsn["dialect"],
): BoundQuery {
  const values: QueryValue[] = [];
  const positions = new Map<string, number>();
  function placeholder(name: string): string {
    if (!Object.hasOwn(parameters, name)) {
      throw new RecotemError(
        "datasource_error",
        `Placeholder :${name} of source.query has no value in source.query_parameters`,
      );
    }
    let position = positions.get(name);
    if (position === undefined || dialect === "mysql") {
      position = values.push(parameters[name]!);
      positions.set(name, position);
    }
    return { postgresql: `$${position}`, mysql: "?", sqlite: `?${position}` }[
      dialect
    ];
  }

  let text = "";
  let at = 0;
  const tokens = new RegExp(TOKENS[dialect]);
  for (let token; (token = tokens.exec(query)) !== null;) {
    const [whole, name] = token;
    let end = tokens.lastIndex;
    // A text in PostgreSQL's dollar quotes ends where the same quote comes again.
    if (whole.startsWith("$")) {
      const close = query.indexOf(whole, end);
      end = close < 0 ? query.length : close + whole.length;
    }
    text += query.slice(at, token.index) +
      (name === undefined ? query.slice(token.index, end) : placeholder(name));
    at = tokens.lastIndex = end;
  }
  const unused = Object.keys(parameters).find((name) => !positions.has(name));
  if (unused !== undefined) {
    throw new RecotemError(
      "datasource_error",
      `source.query_parameters has ${
        JSON.stringify(unused)
      }, which source.query does not name`,
    );
  }
  return { text: text + query.slice(at), values };
}
