/** How the factors of a user who was not in the training data are solved for: the row problem of implicit ALS. */
export interface FoldIn {
  /** Weight of the unobserved entries. */
  readonly alpha0: number;
  /** Strength of the ridge. */
  readonly reg: number;
  /** Exponent of the ridge's weight by frequency. */
  readonly nu: number;
  /** Added to each confidence in the linear term: 0 for the iALS++ loss, alpha0 for the original one. */
  readonly linearOffset: number;
  /** When given, a weight x becomes the confidence `ln(1 + x / epsilon)`; otherwise it is one. */
  readonly epsilon?: number;
}
