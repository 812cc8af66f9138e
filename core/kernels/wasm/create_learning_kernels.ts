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
import type { Engine } from "./engine.ts";
import { graphFilter } from "./graph_filter.ts";
import { ialsSolveBlock } from "./ials_solve_block.ts";
import { localRidge } from "./local_ridge.ts";
import { nonNegativeSweep } from "./non_negative_sweep.ts";
import { pairwiseSteps } from "./pairwise_steps.ts";

/** The learners' kernels on a pool of workers. */
export function createLearningKernels(engine: Engine): LearningKernels {
  return {
    async ialsSolveBlock(args, signal) {
      checkIalsBlock(args);
      await ialsSolveBlock(engine, args, signal);
    },
    async nonNegativeSweep(args, signal) {
      checkNonNegative(args);
      return await nonNegativeSweep(engine, args, signal);
    },
    async elasticNet(args, signal) {
      checkElasticNet(args);
      return await elasticNet(engine, args, signal);
    },
    async localRidge(args, signal) {
      checkLocalRidge(args);
      return await localRidge(engine, args, signal);
    },
    async graphFilter(args, signal) {
      checkGraphFilter(args);
      return await graphFilter(engine, args, signal);
    },
    async pairwiseSteps(args, signal) {
      checkPairwise(args);
      await pairwiseSteps(engine, args, signal);
    },
  };
}
