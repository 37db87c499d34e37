import { quote } from "@unitrain/transport-posix";

/**
 * What Slurm runs on the first node: the wrapper, with Slurm's variables for the job. TERM (from `scancel`, at the time limit, at a
 * preemption) goes on to the job's first process, and KILL after the grace period: 25 s, because Slurm itself kills after 30 s.
 * Needs bash, because other shells let background processes ignore INT.
 */
export function batchScript(folder: string, wrapper: string): string {
  return `#!/bin/bash
cd -- ${quote(folder)} || exit 1
umask 077
(set -o posix; export -p) | grep -E '^export (SLURM|CUDA_VISIBLE|ROCR_VISIBLE)' > allocation
end_job() {
  [ -s child ] || return
  read -r first rest < child
  grace=250
  [ -s grace ] && read -r grace < grace
  kill -TERM "$first"
  (
    trap 'kill $nap; exit' TERM
    sleep "$((grace / 10)).$((grace % 10))" & nap=$!
    wait $nap
    kill -KILL "$first"
  ) 2>/dev/null & timers="$timers $!"
}
timers=
trap end_job TERM
(trap - INT QUIT; exec sh ${quote(wrapper)}) & wrapper=$!
while kill -0 $wrapper 2>/dev/null; do wait $wrapper; done
[ -z "$timers" ] || kill $timers
[ -s exit ] || exit 1
read -r code rest < exit
exit "$code"
`;
}
