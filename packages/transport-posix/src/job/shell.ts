import type { Reached } from "../machine/reached.ts";
import { inFolder } from "../script/open-script.ts";
import { runScript } from "../script/run-script.ts";
import type { Shell } from "./holder.ts";

/** The machine's shell, for the time of one call. */
export function shellOf({ executor, workFolder }: Reached, signal: AbortSignal): Shell {
  return {
    run: (script, options) => runScript(executor, inFolder(workFolder, script), { ...options, signal }),
  };
}
