/** Fields that stay visible although their name or value looks like a secret: all are published elsewhere. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  "auth_enabled",
  "signing_key_status",
  "recipe_hash",
  "model_version",
  "name",
  "run_id",
  "path",
]);

const SECRET_NAMES: ReadonlySet<string> = new Set([
  "x-api-key",
  "authorization",
  "cookie",
  "recotem_signing_key",
  "recotem_signing_keys",
  "recotem_api_keys",
]);
const SECRET_START = /^(?:aws|gcp|google|azure)_/;
const SECRET_WORD =
  /secret|password|passwd|token|auth|bearer|cred|private|key(?!s)/;
const HARMLESS_WORD = /monkey|turkey|donkey|hockey|jockey/g;

const HEX_SECRET = /[0-9a-fA-F]{64,}/g;
const BASE64URL_SECRET = /[A-Za-z0-9_-]{43,}/g;
const USERINFO =
  /\b(https?|ftps?|postgres(?:ql)?|mysql|mariadb|mssql|oracle|sqlite|mongodb|rediss?|amqps?)((?:\+\w{1,32})?:\/\/)[^\s/?#]*@/gi;

/** The query of a link that somebody signed holds the signature. */
const QUERY = /\b(https?:\/\/[^\s?#"']*)\?[^\s"']*/gi;

const REDACTED = "[REDACTED]";
const MAX_DEPTH = 16;

/**
 * Blanks what looks like a secret in a text for people: long runs of hex digits or base64url characters, the user and
 * password of a URI, and the query of a link. Cost: linear in its length.
 */
export function redactText(text: string): string {
  return redactLinks(text)
    .replace(HEX_SECRET, "[REDACTED-HEX64]")
    .replace(BASE64URL_SECRET, "[REDACTED-B64URL43]");
}

/**
 * Blanks what looks like a secret in the fields of an event, at every depth, and turns every value into JSON: dates
 * and big integers to text, errors to name, message and stack, bytes to their length, sets and maps to lists and
 * objects.
 *
 * @returns New objects; the argument is not changed.
 */
export function redactFields(
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return redactEntries(Object.entries(fields), 0, []);
}

function redactEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  depth: number,
  parents: readonly object[],
): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const name = String(key);
    // defineProperty, since a plain assignment to "__proto__" would lose the field.
    Object.defineProperty(redacted, name, {
      value: redactField(name, value, depth, parents),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return redacted;
}

function redactField(
  name: string,
  value: unknown,
  depth: number,
  parents: readonly object[],
): unknown {
  if (PUBLIC_FIELDS.has(name)) {
    return typeof value === "string"
      ? redactLinks(value)
      : redactValue(value, depth, parents);
  }
  if (isSecretName(name) && value !== null && value !== undefined) {
    return REDACTED;
  }
  return redactValue(value, depth, parents);
}

function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRET_NAMES.has(lower) || SECRET_START.test(lower) ||
    SECRET_WORD.test(lower.replace(HARMLESS_WORD, ""));
}

function redactValue(
  value: unknown,
  depth: number,
  parents: readonly object[],
): unknown {
  switch (typeof value) {
    case "string":
      return redactText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return redactText(value.toString());
    case "object":
      return value === null ? null : redactObject(value, depth, parents);
    case "boolean":
    case "undefined":
      return value;
    default:
      return `[${typeof value}]`;
  }
}

function redactObject(
  value: object,
  depth: number,
  parents: readonly object[],
): unknown {
  if (parents.includes(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[too deep]";
  const inner = [...parents, value];
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? "[invalid date]"
      : value.toISOString();
  }
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return `[${value.byteLength} bytes]`;
  }
  if (value instanceof Error) {
    return {
      name: value.name,
      message: redactText(value.message),
      stack: redactText(value.stack ?? ""),
      ...(value.cause === undefined
        ? {}
        : { cause: redactValue(value.cause, depth + 1, inner) }),
    };
  }
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (each) => redactValue(each, depth + 1, inner));
  }
  return redactEntries(
    value instanceof Map ? value : Object.entries(value),
    depth + 1,
    inner,
  );
}

function redactLinks(text: string): string {
  return text.replace(USERINFO, "$1$2***@").replace(QUERY, `$1?${REDACTED}`);
}
