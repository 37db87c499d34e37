import { quote } from "../script/quote.ts";

/** Programs that unitrain, or a framework, may ask for. */
const tools =
  "tmux setsid nohup python3 uv pip3 tar gzip zstd unzip sha256sum shasum openssl perl base64 find stat awk curl wget git rsync sudo apt-get nvidia-smi sbatch docker";

/** Asks everything at once: on a far machine every question costs a round trip. Answers are `name=value`, ended by NUL. */
export function buildFactsScript(workFolder: string): string {
  return `
say() { printf '%s=%s\\0' "$1" "$2"; }
os=$(uname -s)
say os "$os"
say architecture "$(uname -m)"
say hostname "$(uname -n)"
say root "$(id -u)"

cache=$HOME/.cache
[ "$os" = Darwin ] && cache=$HOME/Library/Caches
case \${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME ;; esac
say environments "$cache/unitrain/1/environments"

say cpus "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)"
if [ -r /proc/meminfo ]; then
  while read -r name value unit; do [ "$name" = MemTotal: ] && say ramKilobytes "$value" && break; done < /proc/meminfo
else
  say ramBytes "$(sysctl -n hw.memsize 2>/dev/null)"
fi
# A container may have less than the machine it runs on.
for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
  [ -r "$limit" ] && say ramLimitBytes "$(cat "$limit")"
done
[ -d /dev/shm ] && say sharedMemory "$(df -Pk /dev/shm 2>/dev/null)"

# Only where something of ours may lie: a dead network disk elsewhere would hang the question.
there() { where=$1; until [ -d "$where" ]; do where=\${where%/*}; [ -n "$where" ] || where=/; done; printf %s "$where"; }
say mounts "$(df -Pk / /tmp "$(there "$HOME")" "$(there "$cache")" ${quote(workFolder)} 2>/dev/null)"

if command -v nvidia-smi >/dev/null 2>&1; then
  patient=; command -v timeout >/dev/null 2>&1 && patient='timeout 20'
  query() { $patient nvidia-smi --query-"$1" --format=csv,noheader,nounits 2>/dev/null; }
  ask() { query gpu="$1"; }
  say gpus "$(ask name,memory.total,driver_version,compute_cap || ask name,memory.total,driver_version)"
  say gpuIds "$(ask uuid)"
  apps=$(query compute-apps=gpu_uuid,pid,used_memory,process_name)
  say gpuProcesses "$apps"
  say gpuUsers "$(printf '%s\n' "$apps" | awk -F', *' '$2 ~ /^[0-9]+$/ {print $2}' | head -n 64 | while read -r pid; do
    printf '%s %s\n' "$pid" "$(ps -o user= -p "$pid" 2>/dev/null)"
  done)"
fi
found=
for tool in ${tools}; do command -v "$tool" >/dev/null 2>&1 && found="$found $tool"; done
say tools "$found"
`;
}
