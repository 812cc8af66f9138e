/** Ways to spoil an artifact, and the reason that a server has to refuse it. */
const WAYS: readonly {
  readonly reason: string;
  readonly spoil: (good: Uint8Array) => Uint8Array;
}[] = [
  // A bit of the payload.
  {
    reason: "hmac",
    spoil: (good) => good.with(good.length - 9, good.at(-9)! ^ 4),
  },
  // As a writer leaves it that is not careful.
  { reason: "hmac", spoil: (good) => good.subarray(0, good.length >> 1) },
  {
    reason: "parse",
    spoil: () => new TextEncoder().encode("<html></html>".repeat(99)),
  },
  { reason: "read", spoil: () => new Uint8Array() },
];

/** What cannot be used, each time of another kind. */
export function spoiledArtifact(
  good: Uint8Array,
  n: number,
): { readonly bytes: Uint8Array; readonly reason: string } {
  const { reason, spoil } = WAYS[n % WAYS.length]!;
  return { bytes: spoil(good), reason };
}
