import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { createReferenceScoreKernels } from "../../../core/kernels/create_reference_score_kernels.ts";
import { createScoreKernels } from "../../../core/kernels/create_score_kernels.ts";
import { KernelMemory } from "../../../core/kernels/kernel_memory.ts";
import { testScoreKernels } from "./score_kernels_suite.ts";

const heap = createReferenceKernels().memory;
const shared = new KernelMemory();

testScoreKernels(
  "createReferenceScoreKernels()",
  createReferenceScoreKernels(),
  heap,
  heap,
);
testScoreKernels(
  "createScoreKernels(), all in its memory",
  createScoreKernels(shared.memory),
  shared,
  shared,
);
testScoreKernels(
  "createScoreKernels(), vectors elsewhere",
  createScoreKernels(shared.memory),
  shared,
  heap,
);
testScoreKernels(
  "createScoreKernels(), all elsewhere",
  createScoreKernels(),
  heap,
  heap,
);
