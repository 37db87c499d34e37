import type { RunSummary, Runs } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** The run that is meant by a name, an id, the beginning of an id, or nothing (the latest), and where it stands. Changes nothing. */
export async function findRun(runs: Runs, wanted: string | undefined): Promise<RunSummary> {
  const { id, name, [Symbol.asyncDispose]: close } = await runs.attach(wanted, { as: "follower" });
  await close();
  const found = (await runs.runs()).find((run) => run.id === id);
  if (found === undefined) throw new UnitrainError("RUN_NOT_FOUND", `${name} is gone from this computer.`);
  return found;
}
