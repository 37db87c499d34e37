import type { ClusterEnding } from "@unitrain/core/spec";
import type { LauncherState } from "@unitrain/transport-posix";

/** One of our jobs in the queue, also one that ended recently. */
export type QueueRow = { readonly id: string; readonly name: string } & Extract<
  LauncherState,
  { readonly state: "queued" | "running" | "ended" }
>;

/**
 * Prints all our jobs, with one query that all clients of this work folder share. Old versions of Slurm have no JSON; the
 * name comes last, because jobs of other users may contain any character in theirs.
 */
export function queueScript(maxAgeSeconds: number): string {
  return `
age=$(($(date +%s) - $(stat -c %Y queue 2>/dev/null || echo 0)))
if [ $age -ge ${maxAgeSeconds} ]; then
  TZ=UTC squeue --noheader --states=all --user="$(id -un)" --format='%i|%T|%r|%V|%N|%j' > queue.$$ || { rm -f queue.$$; exit 3; }
  mv -f queue.$$ queue
fi
cat queue
`;
}

export function readQueue(text: string): readonly QueueRow[] {
  return text.split("\n").flatMap((line): QueueRow[] => {
    const [id, state, reason = "", submitted, nodes = "", ...name] = line.split("|");
    if (id === undefined || state === undefined) return [];
    const row = { id, name: name.join("|") };
    if (waiting.has(state)) return [{ ...row, state: "queued", queue: { reason, since: `${submitted}Z` } }];
    if (running.has(state)) return [{ ...row, state: "running", nodes: expandNodeList(nodes) }];
    const statusDetail = reason === "" || reason === "None" ? state : `${state} (${reason})`;
    return [{ ...row, state: "ended", ending: { reason: reasons[state] ?? "other", detail: statusDetail } }];
  });
}

const waiting = new Set([
  "PENDING",
  "REQUEUED",
  "REQUEUE_HOLD",
  "REQUEUE_FED",
  "SPECIAL_EXIT",
  "RESV_DEL_HOLD",
]);
const running = new Set([
  "CONFIGURING",
  "RUNNING",
  "COMPLETING",
  "RESIZING",
  "SIGNALING",
  "STAGE_OUT",
  "STOPPED",
  "SUSPENDED",
]);
const reasons: Readonly<Record<string, ClusterEnding["reason"]>> = {
  CANCELLED: "cancelled",
  REVOKED: "cancelled",
  TIMEOUT: "time-limit",
  DEADLINE: "time-limit",
  NODE_FAIL: "node-failure",
  BOOT_FAIL: "node-failure",
  OUT_OF_MEMORY: "out-of-memory",
  PREEMPTED: "preempted",
};

/** `n[1-2,5],gpu7` as names. */
function expandNodeList(list: string): readonly string[] {
  return [...list.matchAll(/([^[\],]+)(?:\[([^\]]*)\])?/g)].flatMap(([, prefix = "", ranges]) => {
    if (ranges === undefined) return [prefix];
    return ranges.split(",").flatMap((range) => {
      const [from = "", to = from] = range.split("-");
      const count = Number(to) - Number(from) + 1;
      return Array.from({ length: count }, (_, index) => {
        return `${prefix}${String(Number(from) + index).padStart(from.length, "0")}`;
      });
    });
  });
}
