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
import type { TrialReply, TrialRequest, TrialSetting } from "./trial_job.ts";

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
    signal: new AbortController().signal,
    warn: (event, fields) => tell({ type: "warning", event, fields }),
    progress: (progress) => tell({ type: "progress", progress }),
  };
}

let context: Promise<TrialContext>;

self.onmessage = async ({ data }: MessageEvent<TrialRequest>) => {
  try {
    if (data.type === "start") {
      context = start(data.setting);
      await context;
      tell({ type: "ready" });
    } else {
      const algorithm = algorithmByName(data.job.algorithm);
      const outcome = await runTrial(algorithm, data.job, await context);
      tell({ type: "done", outcome });
    }
  } catch (error) {
    tell({ type: "broken", error: String(error) });
  }
};
