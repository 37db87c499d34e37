import { sessionsScript } from "./processes-script.ts";

/** How long the script waits for the installation. One that takes longer continues in the background, for the next run. */
const watchSeconds = 90;

/**
 * Installs tmux where that needs no password. The installation is detached, because a package manager that is killed halfway leaves a
 * machine on which nothing can be installed any more. Prints `present`, `installed`, `not permitted`, `in progress` or why it failed.
 */
export const installTmuxScript = `${sessionsScript}
command -v tmux >/dev/null 2>&1 && { echo present; exit 0; }
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || { echo 'not permitted'; exit 0; }
  as_root='sudo -n'
fi
if command -v apt-get >/dev/null 2>&1; then
  get='apt-get -q -y -o DPkg::Lock::Timeout=60'
  install="env DEBIAN_FRONTEND=noninteractive $get install --no-install-recommends tmux"
  install="$install || { $as_root $get update && $as_root $install; }"
elif command -v dnf >/dev/null 2>&1; then install='dnf -q -y install tmux'
elif command -v yum >/dev/null 2>&1; then install='yum -q -y install tmux'
elif command -v apk >/dev/null 2>&1; then install='apk add -q tmux'
else echo 'not permitted'; exit 0
fi
folder=$PWD/tmux-install
mkdir "$folder" 2>/dev/null || [ -n "$(find "$folder" -maxdepth 0 -mmin +10 2>/dev/null)" ] || { echo 'in progress'; exit 0; }
rm -f "$folder/end"
detached /bin/sh -c '(eval "$1") </dev/null >"$2/log" 2>&1; echo $? >"$2/end"' sh "$as_root $install" "$folder"
seconds=0
until [ -s "$folder/end" ] || [ $seconds -ge ${watchSeconds} ]; do sleep 1; seconds=$((seconds + 1)); done
if command -v tmux >/dev/null 2>&1; then echo installed
elif [ -s "$folder/end" ]; then echo "failed: $(tail -n 1 "$folder/log")"
else echo 'in progress'; exit 0
fi
rm -rf "$folder"
`;
