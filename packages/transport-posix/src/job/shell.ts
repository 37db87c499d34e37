import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { runScript } from "../script/run-script.ts";
import type { ScriptRunner } from "../script/shells.ts";
import type { Shell } from "./launcher.ts";

/** Creates a shell on the machine whose scripts are aborted with `signal`. */
export function createShell(
  { shells, workFolder }: ConnectedMachine,
  signal: AbortSignal,
  runner: ScriptRunner = shells.dedicated,
): Shell {
  return {
    run: (script, options) => runScript(runner, withWorkFolder(workFolder, script), { ...options, signal }),
  };
}
