import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Params } from "./draw.ts";

/**
 * What a trial's fit gets: what was drawn, the defaults of the rest, and as many epochs as a trial may run.
 *
 * @throws What the algorithm's schema throws when it refuses a value.
 */
export function trialParams(
  { params, epochs }: Pick<Algorithm, "params" | "epochs">,
  drawn: Params,
): object {
  return params.parse({
    ...drawn,
    ...(epochs && { [epochs.param]: epochs.most }),
  });
}
