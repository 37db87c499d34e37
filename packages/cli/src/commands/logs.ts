import type { Run } from "@unitrain/core";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import type { RunFlags } from "../flags.ts";
import { copyLog } from "../log-copy.ts";
import { clean } from "../render/clean.ts";
import type { Surroundings } from "../surroundings.ts";

/** The training's log as far as it came here, masked, on stdout; with `--follow` until nobody brings more of it. */
export async function logs(
  name: string | undefined,
  { follow }: RunFlags,
  { engine, stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const runs = await (await engine()).runs();
  const run = await runs.attach(name, { as: "follower" });
  try {
    await copyLog(run.paths.log, follow === true ? eventsEnd(run) : Promise.resolve(), stdout);
    const { state } = await findRun(runs, run.id);
    if (state === "detached" || state === "interrupted") {
      stderr.write(
        `Nobody follows ${clean(run.name)} at the moment: unitrain attach ${clean(run.name)} brings more.\n`,
      );
    }
    return exitCodes.done;
  } finally {
    await run[Symbol.asyncDispose]();
  }
}

async function eventsEnd(run: Run): Promise<void> {
  run.result.catch(() => {});
  for await (const event of run.events) if (event.type === "finished") return;
}
