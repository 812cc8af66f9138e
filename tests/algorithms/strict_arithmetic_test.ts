import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { algorithmByName } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { randomCsr } from "../core/kernels/matrices.ts";
import { fit } from "./fit.ts";

/** SHA-256 of each model's tensors as strict kernels made them when this test was written: its first 12 digits. */
const DIGESTS: Readonly<Record<string, string>> = {
  BPRFM: "d5721dd83837",
  CosineKNN: "1e28d80646c6",
  DenseSLIM: "bb98493378fc",
  EDLAE: "dd804a035812",
  IALS: "34eef4cbfbc4",
  NMF: "6f94b0158c5f",
  RP3beta: "9d76873bb9c2",
  SLIM: "046cf560d143",
  TruncatedSVD: "6e69b1ed4039",
  TurboCF: "6f4895fe5163",
};

Deno.test("strict arithmetic learns the same bits on every machine, one algorithm of each kind", async () => {
  const random = createRandom(41);
  // More items than a tile of a symmetric matrix has rows.
  const matrix = randomCsr(random, 150, 260, 0.1, () => 1 + random.int(4));
  const kernels = await createKernels({ threads: 2, arithmetic: "strict" });
  const digests: Record<string, string> = {};
  for (const name of Object.keys(DIGESTS)) {
    const hash = createHash("sha256");
    const model = await fit(algorithmByName(name), matrix, {}, { kernels });
    for (const { data } of Object.values(model.tensors())) {
      hash.update(new Uint8Array(data.slice().buffer as ArrayBuffer));
    }
    digests[name] = hash.digest("hex").slice(0, 12);
  }
  kernels.close();
  assertEquals(digests, DIGESTS);
});
