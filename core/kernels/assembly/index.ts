// What the WebAssembly module exports. Helpers are exported so that they stay functions of their own; see gemm.ts.
export { addScaled, dot, scaleAdd } from "./dense";
export { sparseTimesDense, sumNarrow, sumRows, sumWide } from "./dense_rows";
export { packColumns, packRows, tile } from "./gemm";
export { gram, gramBlock, gramReduce } from "./gram";
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
export {
  keepRow,
  leaveOut,
  packItems,
  packUser,
  rankFactors,
  rankSparse,
} from "./rank";
export { rankDense } from "./rank_dense";
export { dotRows, scoreFactors, topK } from "./score";
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
export { addRow, addRowByte, addRowHalf } from "./sparse";
export {
  factorTile,
  multiplyTile,
  multiplyTiles,
  packTile,
  packTiles,
} from "./tiles";
export { offer, rise, sink, sortHeap } from "./top_k";
export { addUpTo, gatherRow, gramRows, largestPerRow } from "./triangle";
