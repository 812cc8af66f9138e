/**
 * The container: magic (8 bytes), version (u16), reserved (u16), kid length (u8), kid, MAC (32 bytes), header length
 * (u32), header, payload. Integers are little-endian. The MAC covers kid, header and payload, one after the other.
 *
 * @module
 */
export const MAGIC: Uint8Array = new TextEncoder().encode("RECOTEM\0");
export const CONTAINER_VERSION = 1;
/** Bytes before the kid. */
export const PREFIX_BYTES = 13;
export const MAC_BYTES = 32;
export const MAX_KID_BYTES = 32;
export const MAX_HEADER_BYTES = 65_536;
export const PAYLOAD_FORMAT = "recotem-tensors/1";
/** Payload and tensors start at multiples of this, counted from the start of the file: a cache line. */
export const ALIGNMENT = 64;
/** More than any model needs; a bound on what is looked at. */
export const MAX_DIMENSIONS = 8;
/** Starts with a letter, so that no name is one of JavaScript's own or sorted as a number. */
export const TENSOR_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** The next multiple of {@linkcode ALIGNMENT}. */
export function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
