/**
 * As much of Protocol Buffers' wire format as reading BigQuery's rows takes: texts, bytes, messages and whole numbers.
 *
 * @module
 */

/** The value of a field to write: text, a message that is written already, or a whole number, not negative. */
export type FieldValue = string | Uint8Array | number;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A message of these fields, each with its number. */
export function writeMessage(
  ...fields: readonly (readonly [field: number, value: FieldValue])[]
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const [field, value] of fields) {
    if (typeof value === "number") {
      bytes.push(...varint(field << 3 | VARINT), ...varint(value));
    } else {
      const body = typeof value === "string" ? encoder.encode(value) : value;
      bytes.push(
        ...varint(field << 3 | BYTES),
        ...varint(body.length),
        ...body,
      );
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * The texts, bytes and messages of a message, each as a view of its bytes, by the number of its field; other fields are
 * passed over.
 *
 * @throws {RangeError} When the message ends within a field.
 */
export function readMessage(
  message: Uint8Array,
): ReadonlyMap<number, readonly Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>();
  let at = 0;
  function number(): number {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError("A message ends early");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
  while (at < message.length) {
    const tag = number();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        number();
        break;
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case BYTES: {
        const length = number();
        if (at + length > message.length) {
          throw new RangeError("A message ends early");
        }
        const values = fields.get(field) ?? [];
        values.push(message.subarray(at, at + length));
        fields.set(field, values);
        at += length;
        break;
      }
      default:
        throw new RangeError("A message has a field of an unknown kind");
    }
  }
  return fields;
}

/** Seven bits a byte, the lowest first; numbers above 2³¹ too. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push(rest % 128 + 128);
  }
  bytes.push(Math.floor(value / 128 ** bytes.length));
  return bytes;
}
