import { describeFailure } from "../core/config/describe_failure.ts";
import { printError } from "./_output.ts";

/** Runs a command; what it throws is written to standard error and becomes its exit code. */
export async function exitCode(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const failure = describeFailure(error);
    printError(failure.text);
    return failure.exitCode;
  }
}
