import type { Run } from "@unitrain/core";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { RunFlags } from "../flags.ts";
import { copyLog } from "../log-copy.ts";
import type { Surroundings } from "../surroundings.ts";

/** The training's log as far as it came here, masked, on stdout; with `--follow` until the run is over. */
export async function logs(
  name: string | undefined,
  { follow }: RunFlags,
  { engine, stdout }: Surroundings,
): Promise<ExitCode> {
  const run = await (await (await engine()).runs()).attach(name, { as: "follower" });
  try {
    await copyLog(run.paths.log, follow === true ? eventsEnd(run) : Promise.resolve(), stdout);
    return exitCodes.done;
  } finally {
    await run[Symbol.asyncDispose]();
  }
}

async function eventsEnd(run: Run): Promise<void> {
  run.result.catch(() => {});
  for await (const event of run.events) if (event.type === "finished") return;
}
