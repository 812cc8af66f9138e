/** A pointer: a small file that holds the name of an artifact in its own folder, and a newline. */

const MAX_BYTES = 512;
const POINTER = /^([A-Za-z0-9_.-]+\.recotem)[ \t\r\n\v\f]*$/;

/** Length of the largest pointer; a longer file is none. */
export const MAX_POINTER_BYTES: number = MAX_BYTES;

/** The bytes of a pointer to `name`, or null when a pointer cannot hold that name. */
export function encodePointer(name: string): Uint8Array | null {
  const bytes = new TextEncoder().encode(`${name}\n`);
  return decodePointer(bytes) === name ? bytes : null;
}

/** The name that a pointer holds, or null when the bytes are no pointer. */
export function decodePointer(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_BYTES) return null;
  const text = new TextDecoder("latin1").decode(bytes);
  return POINTER.exec(text)?.[1] ?? null;
}

/** The URI of `name` in the folder of `uri`; what a URI of the web asks beside its path is dropped. */
export function siblingUri(uri: string, name: string): string {
  const path = /^https?:/i.test(uri) ? uri.replace(/[?#].*$/s, "") : uri;
  return path.slice(0, path.lastIndexOf("/") + 1) + name;
}
