import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { testKernels } from "./kernels_suite.ts";

testKernels("createKernels()", () => createKernels({ threads: 2 }));
testKernels(
  "createKernels() with one thread",
  () => createKernels({ threads: 1 }),
);
