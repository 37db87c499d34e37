import type { Run, RunDetails, Runs } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { nearest } from "../settings/did-you-mean.ts";
import { availableSecrets } from "../settings/secrets.ts";

/** Finds the run that is meant by a name, an id, the beginning of an id, or nothing (the latest). Changes nothing. */
export const findRun = (runs: Runs, wanted: string | undefined): Promise<RunDetails> =>
  named(runs, wanted, () => runs.find(wanted));

/** Takes a run up: as its controller when there is none, else as one who watches. Secrets that are here are given along again. */
export async function attachTo(runs: Runs, wanted: string | undefined, env: CliContext["env"]): Promise<Run> {
  const { id, plan } = await findRun(runs, wanted);
  return runs.attach(id, { secrets: availableSecrets(plan.secrets, env) });
}

/** Does it, and says which run was probably meant when there is none of that name. */
export async function named<Result>(
  runs: Runs,
  wanted: string | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "RUN_NOT_FOUND" || wanted === undefined)
      throw error;
    const suggestion = nearest(
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
