import { quote } from "../script/quote.ts";

/** Programs whose presence is reported in the facts. */
const tools =
  "tmux setsid nohup python3 uv pip3 tar gzip zstd unzip sha256sum shasum openssl perl base64 find stat awk curl wget git rsync sudo apt-get nvidia-smi sbatch docker";

/** Builds one script for all facts, to save round trips. It prints `name=value` for each, each ended by NUL. */
export function buildFactsScript(workFolder: string): string {
  return `
answer() { printf '%s=%s\\0' "$1" "$2"; }
os=$(uname -s)
answer os "$os"
answer architecture "$(uname -m)"
answer hostname "$(uname -n)"
answer root "$(id -u)"

cache=$HOME/.cache
[ "$os" = Darwin ] && cache=$HOME/Library/Caches
case \${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME ;; esac
answer environments "$cache/unitrain/1/environments"

answer cpus "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)"
if [ -r /proc/meminfo ]; then
  while read -r name value unit; do [ "$name" = MemTotal: ] && answer ramKilobytes "$value" && break; done < /proc/meminfo
else
  answer ramBytes "$(sysctl -n hw.memsize 2>/dev/null)"
fi
# A container may be limited to less memory than its host has.
for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
  [ -r "$limit" ] && answer ramLimitBytes "$(cat "$limit")"
done
[ -d /dev/shm ] && answer sharedMemory "$(df -Pk /dev/shm 2>/dev/null)"

# Only disks that we use: df would hang on a dead network disk elsewhere.
existing_parent() { path=$1; until [ -d "$path" ]; do path=\${path%/*}; [ -n "$path" ] || path=/; done; printf %s "$path"; }
answer mounts "$(df -Pk / /tmp "$(existing_parent "$HOME")" "$(existing_parent "$cache")" ${quote(workFolder)} 2>/dev/null)"

if command -v nvidia-smi >/dev/null 2>&1; then
  patient=; command -v timeout >/dev/null 2>&1 && patient='timeout 20'
  query() { $patient nvidia-smi --query-"$1" --format=csv,noheader,nounits 2>/dev/null; }
  ask() { query gpu="$1"; }
  answer gpus "$(ask name,memory.total,driver_version,compute_cap || ask name,memory.total,driver_version)"
  answer gpuIds "$(ask uuid)"
  apps=$(query compute-apps=gpu_uuid,pid,used_memory,process_name)
  answer gpuProcesses "$apps"
  answer gpuUsers "$(printf '%s\n' "$apps" | awk -F', *' '$2 ~ /^[0-9]+$/ {print $2}' | head -n 64 | while read -r pid; do
    printf '%s %s\n' "$pid" "$(ps -o user= -p "$pid" 2>/dev/null)"
  done)"
fi
found=
for tool in ${tools}; do command -v "$tool" >/dev/null 2>&1 && found="$found $tool"; done
answer tools "$found"
`;
}
