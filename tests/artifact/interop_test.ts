import { assertEquals } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { HEADER, join, KEY, KEYS, TENSORS } from "./fixture.ts";

/** Verifies a file and prints its header, as programs in Python do: by the layout's description, and json.loads. */
const READER = `
import hashlib, hmac, json, struct, sys
data = open(sys.argv[1], "rb").read()
key = bytes.fromhex(sys.argv[2])
assert data[:8] == b"RECOTEM\\x00"
version, reserved, kid_length = struct.unpack_from("<HHB", data, 8)
assert (version, reserved) == (1, 0)
kid = data[13:13 + kid_length]
position = 13 + kid_length
mac = data[position:position + 32]
(header_length,) = struct.unpack_from("<I", data, position + 32)
position += 36
header, payload = data[position:position + header_length], data[position + header_length:]
expected = hmac.new(key, kid + header + payload, hashlib.sha256).digest()
assert hmac.compare_digest(mac, expected), "MAC does not match"
def refuse(constant):
    raise ValueError(constant)
fields = json.loads(header.decode("utf-8"), parse_constant=refuse)
factors = fields["tensors"]["model.factors"]
print(json.dumps({
    "kid": kid.decode(),
    "header": fields,
    "factors": struct.unpack_from("<3f", payload, factors["offset"]),
}))
`;

Deno.test("encodeArtifact() makes files that the Python reader verifies and prints", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.recotem`;
    const header = { ...HEADER, best_score: NaN, best_class: "ümlaut 😀" };
    await Deno.writeFile(path, join(encodeArtifact(header, TENSORS, KEYS)));
    let output: Deno.CommandOutput;
    try {
      output = await new Deno.Command("python3", {
        args: ["-c", READER, path, KEY.toHex()],
      }).output();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await t.step({ name: "there is no python3", ignore: true, fn() {} });
      return;
    }
    const { stdout, stderr } = output;
    assertEquals(new TextDecoder().decode(stderr), "");
    const read = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(read.kid, "test-1");
    assertEquals(read.factors, [1, -2, 0.5]);
    const { payload_format, payload_bytes, tensors, ...fields } = read.header;
    assertEquals(fields, { ...header, best_score: null });
    assertEquals(payload_format, "recotem-tensors/1");
    assertEquals(payload_bytes, 200);
    assertEquals(Object.keys(tensors), Object.keys(TENSORS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
