import { assertRejects } from "@std/assert";
import { edlae } from "../../algorithms/edlae.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { assertClose } from "./assert_close.ts";
import { expectedClosedForm } from "./expected_closed_form.ts";
import { fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

Deno.test("EDLAE adds to each item's ridge in proportion to its own square", async () => {
  for (const [reg, dropout_p] of [[1, 0], [0.5, 0.3], [4, 0.9]] as const) {
    const model = await fitDense(edlae, WEIGHTED, { reg, dropout_p });
    const share = dropout_p / (1 - dropout_p);
    const expected = expectedClosedForm(
      WEIGHTED,
      (square) => share * square + reg,
    );
    assertClose(itemWeights(model, 6), expected);
  }
});

Deno.test("EDLAE says that reg is too small for its precision", async () => {
  const rows = [[1000, 1000], [1000, 1000]];
  const kernels = await createKernels({ threads: 1 });
  try {
    await assertRejects(
      () => fitDense(edlae, rows, { reg: 1e-6, dropout_p: 0 }, { kernels }),
      RangeError,
      "EDLAE: reg is 0.000001, must be larger",
    );
  } finally {
    kernels.close();
  }
});
