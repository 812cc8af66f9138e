/** Wrong keys that an address may present at once. */
const BURST = 30;
/** Time after which it may present one more. */
const REFILL_MS = 2000;
/** Most addresses that are remembered. */
const MAX_ADDRESSES = 4096;

/**
 * How many wrong keys each address may still present: so many at once, then one every two seconds. The memory is
 * bounded; when it is full, the address that has waited longest since its last wrong key is forgotten.
 */
export class FailedKeys {
  /** Address → when its whole budget will be there again. The order is that of the last wrong key. */
  readonly #full = new Map<string, number>();
  readonly #now: () => number;

  /** @param now Milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether no address has presented a wrong key lately. */
  get none(): boolean {
    return this.#full.size === 0;
  }

  /** Seconds until an address may present another key, rounded up; 0: now. */
  wait(address: string): number {
    const debt = this.#debt(networkOf(address)) + REFILL_MS;
    return Math.max(0, Math.ceil((debt - BURST * REFILL_MS) / 1000));
  }

  /** Counts a wrong key; returns whether it was the last one of the budget. */
  note(address: string): boolean {
    const network = networkOf(address);
    const debt = this.#debt(network) + REFILL_MS;
    this.#full.delete(network);
    this.#full.set(network, this.#now() + debt);
    for (const [oldest, full] of this.#full) {
      if (this.#full.size <= MAX_ADDRESSES && full > this.#now()) break;
      this.#full.delete(oldest);
    }
    return this.wait(address) > 0;
  }

  #debt(network: string): number {
    return Math.max(0, (this.#full.get(network) ?? 0) - this.#now());
  }
}

/** An IPv6 address stands for its network of 64 bits: whoever has one of them has all. */
function networkOf(address: string): string {
  return address.includes(":") && !address.startsWith("::ffff:")
    ? expand(address).slice(0, 4).join(":")
    : address;
}

/** The eight groups of an IPv6 address. */
function expand(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array(Math.max(0, zeros)).fill("0"), ...after];
}
