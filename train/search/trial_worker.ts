/**
 * A worker that runs trials, so that one can be ended whatever it is doing. Told its setting first, then one trial after
 * the other.
 *
 * Permissions: none beyond reading its own modules.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { algorithmByName } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { runTrial, type TrialContext } from "./run_trial.ts";
import { sampleUsers } from "./sample_users.ts";
import { createSharedWork } from "./shared_work.ts";
import type {
  TrialJob,
  TrialReply,
  TrialRequest,
  TrialSetting,
} from "./trial_job.ts";

/**
 * So many users tell epochs of one learner apart, as all of them are scored by the same ones; scoring after each epoch may
 * take longer than the epoch.
 */
const WATCHED_USERS = 2048;

function tell(reply: TrialReply): void {
  self.postMessage(reply);
}

async function start(setting: TrialSetting): Promise<TrialContext> {
  const kernels = await createKernels(setting);
  const random = createRandom(setting.seed);
  return {
    ...setting,
    fit: kernels.share(setting.fit),
    watched: sampleUsers(
      setting.heldOut,
      WATCHED_USERS,
      random.fork("watched users"),
    ),
    kernels,
    shared: createSharedWork(),
    random: random.fork("fits"),
    signal: stopping.signal,
    warn: (event, fields) => tell({ type: "warning", event, fields }),
    progress: (progress) => tell({ type: "progress", progress }),
  };
}

async function run(job: TrialJob): Promise<void> {
  const algorithm = algorithmByName(job.algorithm);
  const outcome = await runTrial(algorithm, job, await context);
  tell({ type: "done", outcome });
}

/** Ends the kernels too: at rest they give their memory back. */
async function stop(): Promise<void> {
  stopping.abort(new Error("The trial was stopped"));
  await running.catch(() => {});
  (await context).kernels.close();
  tell({ type: "stopped" });
  self.close();
}

const stopping = new AbortController();
let context: Promise<TrialContext>;
let running: Promise<void> = Promise.resolve();

self.onmessage = async ({ data }: MessageEvent<TrialRequest>) => {
  try {
    switch (data.type) {
      case "start":
        context = start(data.setting);
        await context;
        return tell({ type: "ready" });
      case "run":
        return await (running = run(data.job));
      case "stop":
        return await stop();
    }
  } catch (error) {
    if (!stopping.signal.aborted) {
      tell({ type: "broken", error: String(error) });
    }
  }
};
