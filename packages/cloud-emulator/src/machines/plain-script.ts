/**
 * A machine without namespaces: an sshd of an ordinary user on a high port, with a folder as home. All of its
 * processes have a marker in their environment, by which they are killed when the emulator's pipe closes.
 */
export const plainScript = `set -eu
machine=$1
mkdir -p "$machine/disk/home"
chmod 700 "$machine/disk/home"
cp "$machine/authorized_keys" "$machine/login_keys"

config() {
  echo "ListenAddress $MACHINE_ADDRESS"
  echo "Port $MACHINE_PORT"
  echo "HostKey $machine/host_key"
  echo 'PidFile none'
  echo 'PasswordAuthentication no'
  echo 'KbdInteractiveAuthentication no'
  echo 'StrictModes no'
  echo 'UseDNS no'
  echo 'PrintMotd no'
  echo 'PrintLastLog no'
  echo 'Subsystem sftp internal-sftp'
  cat "$machine/environment"
  echo "ForceCommand cd; [ -n \\"\\$SSH_ORIGINAL_COMMAND\\" ] || exec \\"\\$SHELL\\" -l; exec \\"\\$SHELL\\" -c \\"\\$SSH_ORIGINAL_COMMAND\\""
}
{ config; echo "AuthorizedKeysFile $machine/login_keys"; } > "$machine/config"
echo 'System is booting up. Unprivileged users are not permitted to log in yet.' > "$machine/banner"
{ config; echo 'AuthorizedKeysFile none'; echo "Banner $machine/banner"; } > "$machine/booting"

daemon=
start_sshd() {
  env -i PATH="$PATH" "$MACHINE_MARK" "$MACHINE_SSHD" -D -e -f "$1" < /dev/null &
  daemon=$!
}
stop_sshd() {
  kill "$daemon" 2>/dev/null || :
  wait "$daemon" 2>/dev/null || :
}
marked() {
  grep -lzxF "$MACHINE_MARK" /proc/[0-9]*/environ 2>/dev/null | tr -dc '0-9\\n'
}
# sshd overwrites its environment with its title, so its processes are found as a tree.
end_tree() {
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do end_tree "$child"; done
  kill -KILL "$1" 2>/dev/null || :
}

start_sshd "$machine/booting"
while read -r word; do
  case $word in
    ready) stop_sshd; start_sshd "$machine/config" ;;
    host-key)
      rm -f "$machine/host_key" "$machine/host_key.pub"
      ssh-keygen -q -t ed25519 -N '' -C '' -f "$machine/host_key"
      stop_sshd
      start_sshd "$machine/config" ;;
  esac
done
end_tree "$daemon"
left=20
while [ "$left" -gt 0 ]; do
  processes=$(marked)
  [ -n "$processes" ] || break
  for process in $processes; do kill -KILL "$process" 2>/dev/null || :; done
  left=$((left - 1))
done
exit 0
`;
