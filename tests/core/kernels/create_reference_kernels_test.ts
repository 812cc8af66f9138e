import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { testKernels } from "./kernels_suite.ts";

testKernels("createReferenceKernels()", createReferenceKernels);
