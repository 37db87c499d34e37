import type { Run, RunDetails, Runs } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { findNearest } from "../settings/find-nearest.ts";
import { readAvailableSecrets, requestSecret } from "../settings/secrets.ts";

/** Finds a run by its name, its id or the beginning of its id, or the latest run if `wanted` is undefined. Changes nothing. */
export const findRun = (runs: Runs, wanted: string | undefined): Promise<RunDetails> =>
  withCurrentName(runs, wanted, () => runs.find(wanted));

/**
 * Attaches to a run as its controller, or as a follower if another process controls it. Passes the secrets of the environment on
 * again. A person is asked for those that are neither there nor known to the guardian, unless `mayAsk` is false.
 */
export async function attachTo(
  runs: Runs,
  { id, plan, state }: RunDetails,
  context: CliContext,
  mayAsk = true,
): Promise<Run> {
  return runs.attach(id, {
    secrets: readAvailableSecrets(plan.secrets, context.env),
    // Only the start of the training needs the values. Without them, the output of a running one is withheld.
    askSecret: (name) => requestSecret(name, { mayAsk, isNeeded: state === "interrupted" }, context),
  });
}

/** Calls a function that takes the name of a run. If there is no such run, its error is thrown with a hint at the most similar name. */
export async function withCurrentName<Result>(
  runs: Runs,
  wanted: string | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "RUN_NOT_FOUND" || wanted === undefined)
      throw error;
    const suggestion = findNearest(
      wanted,
      (await runs.runs()).map(({ name }) => name),
    );
    if (suggestion === undefined) throw error;
    throw new UnitrainError("RUN_NOT_FOUND", error.message, {
      hint: `Did you mean ${suggestion}?`,
      cause: error,
    });
  }
}
