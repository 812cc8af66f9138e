import type { NamedTensors, Tensor } from "../core/models/model.ts";
import { TENSOR_ARRAYS } from "../core/models/tensor_arrays.ts";
import { artifactError } from "./_artifact_error.ts";
import {
  align,
  CONTAINER_VERSION,
  MAC_BYTES,
  MAGIC,
  MAX_DIMENSIONS,
  MAX_HEADER_BYTES,
  PAYLOAD_FORMAT,
  PREFIX_BYTES,
  TENSOR_NAME,
} from "./_layout.ts";
import { parseHeader } from "./_parse_header.ts";
import type { HeaderFields, TensorEntry } from "./header.ts";
import type { KeyRing } from "./key_ring.ts";

/**
 * Makes the bytes of an artifact, signed with the active key. Numbers in the header that are not finite become null.
 *
 * @returns The parts of the file, in order. The first is all before the payload; the others are views of the tensors and
 * the zeros between them, so nothing is copied.
 * @throws {RecotemError} `artifact_error` when the header is larger than 65,536 bytes or not one that can be read back.
 * @throws {TypeError} When a tensor's name or dtype is not as it must be, or its shape does not fit its data.
 */
export function encodeArtifact(
  header: HeaderFields,
  tensors: NamedTensors,
  keys: KeyRing,
): Uint8Array[] {
  const { table, parts, bytes } = layOut(tensors);
  const kid = new TextEncoder().encode(keys.activeKid);
  const headerStart = PREFIX_BYTES + kid.length + MAC_BYTES + 4;
  const json = encodeHeader(
    {
      ...header,
      payload_format: PAYLOAD_FORMAT,
      payload_bytes: bytes,
      tensors: table,
    },
    headerStart,
  );
  const hmac = keys.createHmac(keys.activeKid)!.update(kid).update(json);
  for (const part of parts) hmac.update(part);

  const head = new Uint8Array(headerStart + json.length);
  const fields = new DataView(head.buffer);
  head.set(MAGIC);
  fields.setUint16(8, CONTAINER_VERSION, true);
  head[12] = kid.length;
  head.set(kid, PREFIX_BYTES);
  head.set(hmac.digest(), PREFIX_BYTES + kid.length);
  fields.setUint32(headerStart - 4, json.length, true);
  head.set(json, headerStart);
  return [head, ...parts];
}

/** The header's bytes, with blanks at the end so that the payload is aligned. */
function encodeHeader(header: object, start: number): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(align(start + json.length) - start);
  if (padded.length > MAX_HEADER_BYTES) {
    throw artifactError(
      "header_json",
      `Artifact header takes ${padded.length} bytes: ${MAX_HEADER_BYTES} are allowed`,
    );
  }
  padded.set(json);
  padded.fill(" ".charCodeAt(0), json.length);
  // What could not be read back must not be published.
  parseHeader(padded);
  return padded;
}

function layOut(tensors: NamedTensors): {
  table: Record<string, TensorEntry>;
  parts: Uint8Array[];
  bytes: number;
} {
  const table: Record<string, TensorEntry> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    requireWhole(name, tensor);
    const { dtype, shape, data } = tensor;
    const offset = align(end);
    if (offset > end) parts.push(new Uint8Array(offset - end));
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    table[name] = { dtype, shape, offset };
    end = offset + data.byteLength;
  }
  return { table, parts, bytes: end };
}

function requireWhole(name: string, { dtype, shape, data }: Tensor): void {
  if (!TENSOR_NAME.test(name)) {
    throw new TypeError(
      `Tensor name ${
        JSON.stringify(name)
      } must be a letter and up to 63 letters, digits, dots, underscores or dashes`,
    );
  }
  if (!(data instanceof TENSOR_ARRAYS[dtype])) {
    throw new TypeError(`Tensor ${name} holds other elements than ${dtype}`);
  }
  const length = shape.reduce((product, extent) => product * extent, 1);
  const whole = shape.every((extent) =>
    extent >= 0 && Number.isInteger(extent)
  );
  if (!whole || shape.length > MAX_DIMENSIONS || length !== data.length) {
    throw new TypeError(
      `Tensor ${name} has ${data.length} elements, which do not fill its shape [${shape}]`,
    );
  }
}
