import {
  checkElasticNet,
  checkGraphFilter,
  checkIalsBlock,
  checkLocalRidge,
  checkNonNegative,
  checkPairwise,
} from "../check_learning.ts";
import type { LearningKernels } from "../learning_kernels.ts";
import { elasticNet } from "./elastic_net.ts";
import { graphFilter } from "./graph_filter.ts";
import { ialsSolveBlock } from "./ials_solve_block.ts";
import { localRidge } from "./local_ridge.ts";
import { nonNegativeSweep } from "./non_negative_sweep.ts";
import { pairwiseSteps } from "./pairwise_steps.ts";

/** The learners' kernels in plain TypeScript. */
export function createLearningKernels(): LearningKernels {
  return {
    async ialsSolveBlock(args, signal) {
      checkIalsBlock(args);
      await ialsSolveBlock(args, signal);
    },
    async nonNegativeSweep(args, signal) {
      checkNonNegative(args);
      return await nonNegativeSweep(args, signal);
    },
    async elasticNet(args, signal) {
      checkElasticNet(args);
      return await elasticNet(args, signal);
    },
    async localRidge(args, signal) {
      checkLocalRidge(args);
      return await localRidge(args, signal);
    },
    async graphFilter(args, signal) {
      checkGraphFilter(args);
      return await graphFilter(args, signal);
    },
    async pairwiseSteps(args, signal) {
      checkPairwise(args);
      await pairwiseSteps(args, signal);
    },
  };
}
