import { createHmac } from "node:crypto";

/** Headers that are signed by position. */
const SIGNED_HEADERS: readonly string[] = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/**
 * The Authorization header of a request to Azure Storage, by the scheme "Shared Key"
 * (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key, version 2015-02-21 and later).
 *
 * @param request Its headers are all that will be sent, `content-length` included when there is a body.
 */
export function signAzure(
  request: { method: string; url: URL; headers: Headers },
  { account, key }: { account: string; key: string },
): string {
  const { method, url, headers } = request;
  const own = [...headers].filter(([name]) => name.startsWith("x-ms-")).sort();
  const query = [...url.searchParams]
    .map(([name, value]) => `${name.toLowerCase()}:${value}`).sort();
  const text = [
    method,
    ...SIGNED_HEADERS.map((name) => headers.get(name) ?? ""),
    ...own.map(([name, value]) => `${name}:${value}`),
    [`/${account}${url.pathname}`, ...query].join("\n"),
  ].join("\n");
  const signature = createHmac("sha256", Uint8Array.fromBase64(key))
    .update(text).digest("base64");
  return `SharedKey ${account}:${signature}`;
}
