import { commandFailedError } from "../script/failures.ts";
import { quote, quoteAll } from "../script/quote.ts";
import { installTmuxScript } from "./install-tmux.ts";
import type { JobLauncher, Shell } from "./launcher.ts";
import { sessionsScript } from "./processes-script.ts";

export interface TmuxOptions {
  /** Installs it on a machine that has none, where that needs no password. By default not. */
  readonly install?: boolean;
}

/**
 * Holds a job in a tmux session `training-<id>`, for people to look into: `tmux attach -t =training-<id>`.
 * The job itself is in a session of its own beside it, so that it lives on when the tmux server is killed.
 */
export function tmux({ install = false }: TmuxOptions = {}): JobLauncher {
  return {
    name: "tmux",
    ...(install ? { prepare: installTmux } : {}),
    async available(shell) {
      const script = "command -v tmux && { command -v setsid || command -v perl || command -v python3; }";
      return (await shell.run(script)).exitCode === 0;
    },
    async start(shell, prepared) {
      const name = `training-${prepared.job.id}`;
      // As several words tmux runs it itself: the user's shell, whatever it is, takes no part.
      const pane = ["/bin/sh", "-c", paneScript, "sh", prepared.wrapper, prepared.folder];
      // A server that is started now must not carry on what we were started in. Where there is a session of that name, the job
      // was started twice, or somebody else took the name: whoever comes second does without one.
      const script = `${sessionsScript}
unset TMUX TMUX_PANE
if ! tmux -u new-session -d -s ${quote(name)} -x 200 -y 50 -c / ${quoteAll(pane)}; then
  tmux has-session -t ${quote(`=${name}`)} 2>/dev/null || exit 1
  detached /bin/sh ${quote(prepared.wrapper)}
fi`;
      const { exitCode, stderr } = await shell.run(script);
      if (exitCode !== 0) throw commandFailedError("start a tmux session", exitCode, stderr);
      return name;
    },
  };
}

async function installTmux(shell: Shell, showStatus: (message: string) => void): Promise<void> {
  const { stdout } = await shell.run(installTmuxScript);
  const answer = stdout.trim();
  if (answer === "installed") showStatus("tmux installed, to look into the training with");
  else if (answer !== "there") showStatus(`no tmux on the machine (${answer}): the training runs without`);
}

/** Shows the log, and ends with the job. Its words are few: tmux takes no command over 16 KB. */
const paneScript = `${sessionsScript}
detached /bin/sh "$1"
cd -- "$2" || exit
tries=0
until [ -s state ] || [ $tries -ge 10 ]; do sleep 1; tries=$((tries + 1)); done
wrapper=$(sed -n 's/^wrapper=\\([0-9]*\\).*/\\1/p' state)
tail -n +1 -f log & tail=$!
while [ ! -s exit ] && kill -0 "$wrapper" 2>/dev/null; do sleep 1; done
sleep 1
kill "$tail"`;
