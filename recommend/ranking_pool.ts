import type { RecommendOptions } from "../core/models/recommend_options.ts";
import type { SharedModel } from "./shared_model.ts";
import type {
  RankedSlice,
  RankMessage,
  RankSlice,
  StartRanking,
} from "./worker.ts";

/** Users that a worker ranks between two messages: few enough that all workers end at about the same time. */
const SLICE_USERS = 128;

/**
 * Ranks users on several threads over one copy of a model, each as a server would: the same code on the same numbers, so
 * that answers are the same to the last bit.
 */
export class RankingPool implements Disposable {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  /**
   * Starts the workers and waits until all have opened the model. End them by disposing of the pool: until then they
   * keep the process alive.
   *
   * Permissions: read on this folder and on `core/`.
   *
   * @param options What all lists look like.
   * @param threads Number of workers.
   * @throws {Error} When a worker cannot start.
   */
  static async start(
    model: SharedModel,
    options: RecommendOptions,
    threads: number,
  ): Promise<RankingPool> {
    const workers = Array.from(
      { length: threads },
      () => new Worker(import.meta.resolve("./worker.ts"), { type: "module" }),
    );
    const pool = new RankingPool(workers);
    try {
      await Promise.all(
        workers.map((worker) => ask(worker, { model, options })),
      );
    } catch (error) {
      pool[Symbol.dispose]();
      throw error;
    }
    return pool;
  }

  /** Ranks users by index, one call at a time. Slices come in the order of the users. */
  async rank(users: Uint32Array): Promise<RankedSlice[]> {
    const slices = new Array<RankedSlice>(
      Math.ceil(users.length / SLICE_USERS),
    );
    let next = 0;
    const work = async (worker: Worker): Promise<void> => {
      while (next < slices.length) {
        const n = next++;
        const own = users.slice(n * SLICE_USERS, (n + 1) * SLICE_USERS);
        slices[n] = await ask(worker, { users: own }) as RankedSlice;
      }
    };
    await Promise.all(this.#workers.map(work));
    return slices;
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

/** Sends a message and waits for the answer. */
function ask(
  worker: Worker,
  message: StartRanking | RankSlice,
): Promise<RankMessage> {
  return new Promise((resolve, reject) => {
    function fail(problem: string): void {
      reject(new Error(`A worker that ranks users failed: ${problem}`));
    }
    worker.onmessage = ({ data }: MessageEvent<RankMessage>) => {
      if (typeof data === "object" && "error" in data) fail(data.error);
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message);
    };
    worker.postMessage(message);
  });
}
