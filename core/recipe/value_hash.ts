/**
 * Digest of a JSON value: SHA-256 of its JSON with sorted keys and no blanks, 64 lower-case hex digits. Backslashes in
 * paths count as slashes, so that all platforms agree.
 */
export async function valueHash(value: unknown): Promise<string> {
  const json = JSON.stringify(value, (key, value: unknown) => {
    if (key === "path" && typeof value === "string") {
      return value.replaceAll("\\", "/");
    }
    return isMapping(value) ? sorted(value) : value;
  });
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(json),
  );
  return new Uint8Array(digest).toHex();
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(mapping: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(mapping).sort(([a], [b]) => a < b ? -1 : 1),
  );
}
