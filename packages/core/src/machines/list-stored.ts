import type { StoredItem } from "../api/stored-item.ts";
import { type MachineFacts, UnitrainError } from "../spec/index.ts";
import type { ConnectedMachine } from "./with-machine.ts";

/** An item that was used within the last hour may belong to a run that is not over. */
const freshMs = 3600_000;
/** The states of a job that may be running. */
export const inUseStates: ReadonlySet<string> = new Set(["running", "waiting", "unknown"]);

/** Lists the runs, datasets and environments on a machine, each with the reason why it is in use, if it is. */
export async function listStored(
  connected: Pick<ConnectedMachine, "call">,
  facts: MachineFacts,
  /** The ids of this computer's runs that are not over. */
  openRuns: readonly string[],
): Promise<readonly StoredItem[]> {
  const { exitCode, stdout, stderr } = await connected.call("run", (session, context) =>
    session.run(
      { argv: ["sh", "-c", listScript, "sh", facts.workFolder, facts.environmentsFolder] },
      context,
    ),
  );
  if (exitCode !== 0) {
    throw new UnitrainError(
      "REMOTE_COMMAND",
      `Cannot list the files in ${facts.workFolder} on the machine: exit code ${exitCode}. ${stderr.trim().slice(-300)}`,
      { hint: "Check that you can read that folder." },
    );
  }
  const lines = stdout.split("\n").map((line) => line.split("\t"));
  const now = Number(lines.find(([word]) => word === "now")?.[1] ?? Number.NaN) * 1000;
  const jobs = lines.filter(([word]) => word === "job").map(([, id = ""]) => id);
  const running: string[] = [];
  for (const id of jobs.filter(isPlainName)) {
    const { state } = await connected.call("getJobState", (session, context) =>
      session.getJobState(id, context),
    );
    if (inUseStates.has(state)) running.push(id);
  }
  const installs = running.some((id) => id.endsWith("-environment"));
  // A run that is still uploading has no job yet, but will need its dataset and environment.
  const isAnyRunning = running.length > 0 || openRuns.length > 0;
  return lines.flatMap(([word, kind, name = "", kilobytes, modified, uses]): StoredItem[] => {
    if (word !== "item" || !isPlainName(name)) return [];
    if (kind !== "run" && kind !== "dataset" && kind !== "environment") return [];
    const folder = { run: `${facts.workFolder}/runs`, dataset: `${facts.workFolder}/store` };
    const path = `${kind === "environment" ? facts.environmentsFolder : folder[kind]}/${name}`;
    const usedAt = Number(modified) * 1000;
    const reason =
      (kind === "run" && running.some((id) => id.startsWith(`${name}-`)) ? "its job runs" : undefined) ??
      (kind === "run" && openRuns.includes(name) ? "the run is not over" : undefined) ??
      (kind === "environment" && uses === "used" ? "a process runs in it" : undefined) ??
      (kind === "environment" && installs ? "an installation is running" : undefined) ??
      (now - usedAt < freshMs && isAnyRunning ? "it was just used" : undefined);
    return [
      {
        kind,
        name,
        path,
        sizeBytes: Number(kilobytes) * 1024,
        usedAt: usedAt + (Date.now() - now),
        ...(reason === undefined ? {} : { inUse: reason }),
      },
    ];
  });
}

/** Whether unitrain may have given the name; other files in its folders are left alone. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,200}$/.test(name);
}

/** Prints lines of words separated by tabs: `now seconds`, `job id`, `item kind name kilobytes seconds used`. */
const listScript = `
work=$1 environments=$2
if stat -c %Y . >/dev/null 2>&1; then time_of() { stat -c %Y -- "$1" 2>/dev/null; stat -c %X -- "$2" 2>/dev/null; }
else time_of() { stat -f %m -- "$1" 2>/dev/null; stat -f %a -- "$2" 2>/dev/null; }
fi
tab=$(printf '\\t')
printf 'now\\t%s\\n' "$(date +%s)"
is_used() {
  if [ -d /proc/self ]; then grep -qsF -- "$1/" /proc/[0-9]*/cmdline
  else ps -A -o args= | grep -vF grep | grep -qF -- "$1/"
  fi
}
items() { # kind, folder, a file in each that is read whenever it is used
  for path in "$2"/*; do
    [ -d "$path" ] && [ ! -L "$path" ] || continue
    used=-
    if [ "$1" = environment ] && is_used "$path"; then used=used; fi
    kilobytes=$(du -sk -- "$path" 2>/dev/null | cut -f 1)
    newest=$({ time_of "$path" "$path/$3"; for inner in "$path"/* "$path"/*/*; do time_of "$inner" "$inner"; done; } | sort -n | tail -n 1)
    printf 'item\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$1" "\${path##*/}" "\${kilobytes:-0}" "\${newest:-0}" "$used"
  done
}
items run "$work/runs" data
items dataset "$work/store" boot
items environment "$environments" bin/python
for path in "$work"/jobs/*; do
  [ -d "$path" ] && [ ! -s "$path/exit" ] && printf 'job\\t%s\\n' "\${path##*/}"
done
exit 0
`;
