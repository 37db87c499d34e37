import { sessionsScript } from "./processes-script.ts";

/** How long we watch it. What takes longer goes on by itself, for the next run. */
const watchSeconds = 90;

/**
 * Installs tmux where that needs no password and no question. Detached: a package manager that is killed halfway leaves a machine
 * on which nothing can be installed any more. Says `there`, `installed`, `may not` or why it did not work.
 */
export const installTmuxScript = `${sessionsScript}
command -v tmux >/dev/null 2>&1 && { echo there; exit 0; }
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || { echo 'may not'; exit 0; }
  as_root='sudo -n'
fi
if command -v apt-get >/dev/null 2>&1; then
  get='apt-get -q -y -o DPkg::Lock::Timeout=60'
  install="env DEBIAN_FRONTEND=noninteractive $get install --no-install-recommends tmux"
  install="$install || { $as_root $get update && $as_root $install; }"
elif command -v dnf >/dev/null 2>&1; then install='dnf -q -y install tmux'
elif command -v yum >/dev/null 2>&1; then install='yum -q -y install tmux'
elif command -v apk >/dev/null 2>&1; then install='apk add -q tmux'
else echo 'may not'; exit 0
fi
folder=$PWD/tmux-install
mkdir "$folder" 2>/dev/null || [ -n "$(find "$folder" -maxdepth 0 -mmin +10 2>/dev/null)" ] || { echo 'under way'; exit 0; }
rm -f "$folder/end"
detached /bin/sh -c '(eval "$1") </dev/null >"$2/log" 2>&1; echo $? >"$2/end"' sh "$as_root $install" "$folder"
waited=0
until [ -s "$folder/end" ] || [ $waited -ge ${watchSeconds} ]; do sleep 1; waited=$((waited + 1)); done
if command -v tmux >/dev/null 2>&1; then echo installed
elif [ -s "$folder/end" ]; then echo "failed: $(tail -n 1 "$folder/log")"
else echo 'under way'; exit 0
fi
rm -rf "$folder"
`;
