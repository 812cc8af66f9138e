// What the WebAssembly module exports. Helpers are exported so that they stay functions of their own; see gemm.ts.
export { addScaled, dot, scaleAdd } from "./dense";
export {
  addFourRows,
  addOneRow,
  sparseTimesDense,
  sumLongRows,
  sumNarrow,
  sumRows,
  sumWide,
} from "./dense_rows";
export { packColumns, packRows, tile } from "./gemm";
export {
  addSegments,
  gram,
  gramBlock,
  gramReduce,
  transposeFour,
} from "./gram";
export {
  addProduct,
  addSignal,
  addStrided,
  filterOnce,
  graphFilter,
  keepLargest,
  listLarger,
  lowerBound,
  multiplyLanes,
  transposeLanes,
} from "./graph_filter";
export { addEntries, ials, multiply, negate } from "./ials";
export {
  addObserved,
  addRankFour,
  factorise,
  ialsBlock,
  reduceRow,
  substitute,
} from "./ials_block";
export {
  addCommon,
  addPairs,
  emitSolution,
  localRidge,
  nearest,
  smallPivot,
} from "./local_ridge";
export { nonNegative } from "./non_negative";
export { pad } from "./pad";
export {
  dotQuads,
  isPositive,
  nextWord,
  pairwise,
  stepFactors,
} from "./pairwise";
export { packRight, product, productPanel } from "./product";
export {
  finishRanks,
  leaveOut,
  offerBlock,
  packItems,
  packUser,
  rankFactors,
  rankSparse,
  startRanks,
} from "./rank";
export { copyStripe, rankDense } from "./rank_dense";
export {
  boundFour,
  boundRows,
  largestOf,
  quantizeRow,
  quantizeRows,
} from "./quantized";
export { dotRows, scoreFactors, scoreSome, topK } from "./score";
export { selectKey } from "./select";
export {
  addAndNote,
  addTouched,
  divideAdditive,
  emit,
  emitSorted,
  findTouched,
  keepBest,
  normalise,
  similarity,
} from "./similarity";
export {
  emitLargest,
  listAbove,
  listNonZero,
  listUsed,
  slim,
  strongest,
  sweep,
} from "./slim";
export { addRow, addRowByte, addRowHalf, scoreSparse } from "./sparse";
export {
  factoriseTile,
  invertFactor,
  panelTile,
  sweepPanel,
  sweepPivot,
  sweepUpdate,
  updateTile,
} from "./sweep";
export { atLeast, belowBest, offer, rise, sink, sortHeap } from "./top_k";
export { addUpTo, gatherRow, gramRows, largestPerRow } from "./triangle";
