/** What one user is answered. */
export interface Answer {
  /** The user's id, as it was given. */
  readonly user: string;
  /** Indices of the items, best first. */
  readonly items: Uint32Array;
  /** Their scores. */
  readonly scores: Float32Array;
  /** Whether these are the most popular items, because the model does not know the user. */
  readonly fallback: boolean;
}
