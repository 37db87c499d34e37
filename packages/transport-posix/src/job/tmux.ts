import { commandFailedError } from "../script/failures.ts";
import { quote, quoteAll } from "../script/quote.ts";
import { installTmuxScript } from "./install-tmux.ts";
import type { JobLauncher, Shell } from "./launcher.ts";
import { sessionsScript } from "./processes-script.ts";

/** Options of {@link tmux}. */
export interface TmuxOptions {
  /** Installs tmux on a machine that has none, where that needs no password. Defaults to false. */
  readonly install?: boolean;
}

/**
 * Creates a launcher that shows each job in a tmux session `training-<id>`: run `tmux attach -t =training-<id>` on the machine.
 * tmux is only a viewer: the job runs in a process session of its own, and continues when the tmux server is killed.
 *
 * @param options See {@link TmuxOptions}.
 *
 * @example
 * ```ts
 * import { childExecutor, posixTransport, setsid, tmux } from "@unitrain/transport-posix";
 *
 * export const container = (name: string) =>
 *   posixTransport({
 *     name: "docker",
 *     supports: ["x-docker"],
 *     connect: async () => childExecutor("docker", ["exec", "-i", name, "sh", "-c"]),
 *     launchers: [tmux({ install: true }), setsid()],
 *   });
 * ```
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
      // As several arguments, tmux runs the command itself instead of passing it to the user's shell.
      const pane = ["/bin/sh", "-c", paneScript, "sh", prepared.wrapper, prepared.folder];
      // A tmux server that is started here must not inherit our own session. When a session of that name exists, the job was started
      // twice or somebody else uses the name: then the job runs without a session.
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
  if (answer === "installed") showStatus("tmux installed, to view the training on the machine");
  else if (answer !== "present")
    showStatus(`no tmux on the machine (${answer}): the training runs without it`);
}

/** Shows the log, and ends with the job. It is short, because tmux takes no command over 16 KB. */
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
