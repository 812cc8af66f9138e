// Stochastic gradient steps on pairs of a user's item and another item (BPR: Rendle et al. 2009; WARP: Weston et al.
// 2011), with Adagrad. Users and items are cut into blocks, and the blocks that are worked on at the same time share
// neither (Gemulla et al. 2011): so threads need no locks, and the result does not depend on how many there are.
import { sumLanes } from "./dense";
import { isCancelled, take } from "./job";
import { madd } from "./madd";

/** Other items that are drawn for one pair at most. */
const MOST_DRAWS: u32 = 10;
/** Largest loss of a pair. */
const MOST_LOSS: f32 = 10;

/**
 * `blocks` tasks: the pairs of user block b and item block (b + shift) mod blocks. `scratch` of a worker: the state of
 * its random numbers (a word).
 */
export function pairwise(
  job: usize,
  scratch: usize,
  blocks: u32,
  shift: u32,
  seeds: usize,
  starts: usize,
  pairUsers: usize,
  pairItems: usize,
  blockStarts: usize,
  blockItems: usize,
  indptr: usize,
  indices: usize,
  users: usize,
  items: usize,
  biases: usize,
  userSquares: usize,
  itemSquares: usize,
  biasSquares: usize,
  factors: u32,
  warp: bool,
  rate: f32,
  userDecay: f32,
  itemDecay: f32,
  itemCount: u32,
): void {
  const bytes: usize = factors << 2;
  for (;;) {
    const block = take(job, 1);
    if (block >= blocks) return;
    const other = (block + shift) % blocks;
    store<u32>(scratch, load<u32>(seeds + (block << 2)));
    const stratum = starts + ((other * blocks + block) << 2);
    const begin = load<u32>(stratum);
    const end = load<u32>(stratum, 4);
    // BPR draws from the interactions of the item block, WARP from its items.
    const pool: usize = warp
      ? blockStarts + (other << 2)
      : starts + ((other * blocks) << 2);
    const from = load<u32>(pool);
    const size = load<u32>(pool + (warp ? 4 : blocks << 2)) - from;
    const drawn: usize = (warp ? blockItems : pairItems) + (from << 2);
    for (let pair = begin; pair < end; pair++) {
      if (isCancelled(job)) return;
      const user = load<u32>(pairUsers + (pair << 2));
      const item = load<u32>(pairItems + (pair << 2));
      const p = users + user * bytes;
      const q = items + item * bytes;
      const own = load<f32>(biases + (item << 2)) + dotQuads(p, q, bytes);
      let loss: f32 = 0;
      let negative: u32 = 0;
      for (let draw: u32 = 1; draw <= MOST_DRAWS; draw++) {
        negative = load<u32>(
          drawn + ((nextWord(scratch) % size) << 2),
        );
        if (isPositive(indptr, indices, user, negative)) continue;
        const score = load<f32>(biases + (negative << 2)) +
          dotQuads(p, items + negative * bytes, bytes);
        if (!warp) {
          loss = <f32> (1 / (1 + Math.exp(<f64> (own - score))));
          break;
        }
        if (score > own - 1) {
          loss = min(
            MOST_LOSS,
            <f32> Math.log(max<f64>(1, <f64> ((itemCount - 1) / draw))),
          );
          break;
        }
      }
      if (loss == 0) continue;
      stepBias(biases, biasSquares, item, -loss, rate, itemDecay);
      stepBias(biases, biasSquares, negative, loss, rate, itemDecay);
      stepFactors(
        p,
        q,
        items + negative * bytes,
        userSquares + user * bytes,
        itemSquares + item * bytes,
        itemSquares + negative * bytes,
        bytes,
        loss,
        rate,
        userDecay,
        itemDecay,
      );
    }
  }
}

/** The next of a stream of pseudo-random words (Mulberry32); its state is the word at `state`. */
export function nextWord(state: usize): u32 {
  const a = load<u32>(state) + 0x6d2b79f5;
  store<u32>(state, a);
  let t = (a ^ (a >> 15)) * (a | 1);
  t ^= t + (t ^ (t >> 7)) * (t | 61);
  return t ^ (t >> 14);
}

/** Whether a user has an item; binary search. */
export function isPositive(
  indptr: usize,
  indices: usize,
  user: u32,
  item: u32,
): bool {
  let low = load<u32>(indptr + (user << 2));
  const end = load<u32>(indptr + (user << 2), 4);
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(indices + (middle << 2)) < item) low = middle + 1;
    else high = middle;
  }
  return low < end && load<u32>(indices + (low << 2)) == item;
}

/** `a · b` of vectors whose length is a multiple of 4 floats. */
export function dotQuads(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (const end = a + bytes; a < end; a += 16, b += 16) {
    sum = madd(v128.load(a), v128.load(b), sum);
  }
  return sumLanes(sum);
}

function stepBias(
  biases: usize,
  squares: usize,
  item: u32,
  gradient: f32,
  rate: f32,
  decay: f32,
): void {
  const at = item << 2;
  const square = load<f32>(squares + at);
  const own = rate / sqrt(square);
  store<f32>(
    biases + at,
    load<f32>(biases + at) * max(<f32> 0, 1 - own * decay) - own * gradient,
  );
  store<f32>(squares + at, square + gradient * gradient);
}

/** One Adagrad step of the three rows, with decoupled weight decay (Loshchilov, Hutter 2019). */
export function stepFactors(
  user: usize,
  item: usize,
  other: usize,
  userSquare: usize,
  itemSquare: usize,
  otherSquare: usize,
  bytes: usize,
  loss: f32,
  rate: f32,
  userDecay: f32,
  itemDecay: f32,
): void {
  const weight = f32x4.splat(loss);
  const rates = f32x4.splat(rate);
  for (let at: usize = 0; at < bytes; at += 16) {
    const p = v128.load(user + at);
    const q = v128.load(item + at);
    const r = v128.load(other + at);
    const gradientP = f32x4.mul(weight, f32x4.sub(r, q));
    const gradientR = f32x4.mul(weight, p);
    const squareP = v128.load(userSquare + at);
    const squareQ = v128.load(itemSquare + at);
    const squareR = v128.load(otherSquare + at);
    const rateP = f32x4.div(rates, f32x4.sqrt(squareP));
    const rateQ = f32x4.div(rates, f32x4.sqrt(squareQ));
    const rateR = f32x4.div(rates, f32x4.sqrt(squareR));
    v128.store(
      user + at,
      f32x4.sub(
        f32x4.mul(p, kept(rateP, userDecay)),
        f32x4.mul(rateP, gradientP),
      ),
    );
    v128.store(
      item + at,
      f32x4.add(
        f32x4.mul(q, kept(rateQ, itemDecay)),
        f32x4.mul(rateQ, gradientR),
      ),
    );
    v128.store(
      other + at,
      f32x4.sub(
        f32x4.mul(r, kept(rateR, itemDecay)),
        f32x4.mul(rateR, gradientR),
      ),
    );
    const squared = f32x4.mul(gradientR, gradientR);
    v128.store(
      userSquare + at,
      f32x4.add(squareP, f32x4.mul(gradientP, gradientP)),
    );
    v128.store(itemSquare + at, f32x4.add(squareQ, squared));
    v128.store(otherSquare + at, f32x4.add(squareR, squared));
  }
}

/** What weight decay leaves of a coordinate: `max(0, 1 - rate · decay)`. */
function kept(rate: v128, decay: f32): v128 {
  return f32x4.max(
    f32x4.splat(0),
    f32x4.sub(f32x4.splat(1), f32x4.mul(rate, f32x4.splat(decay))),
  );
}
