import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { inFolder } from "../script/open-script.ts";
import { runScript } from "../script/run-script.ts";
import type { ScriptRunner } from "../script/shells.ts";
import type { Shell } from "./launcher.ts";

/** The machine's shell, for the time of one call. */
export function shellOf(
  { shells, workFolder }: ConnectedMachine,
  signal: AbortSignal,
  runner: ScriptRunner = shells.dedicated,
): Shell {
  return {
    run: (script, options) => runScript(runner, inFolder(workFolder, script), { ...options, signal }),
  };
}
