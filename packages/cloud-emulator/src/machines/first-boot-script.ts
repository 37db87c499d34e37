/** Exit code of the first process that requests a reboot. */
export const rebootCode = 7;

/** The rest of the boot inside the machine's own root: creates the user, authorizes keys and starts sshd. */
export const firstBootScript = `set -eu
cd /
umask 022
hash -r

# This computer may have a user \`ubuntu\` with another uid, home or shell. The machine has the image's user instead.
{ grep -v -e '^ubuntu:' -e '^[^:]*:[^:]*:1000:' /etc/passwd; echo 'ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash'; } > /run/passwd
# Without other groups, a terminal cannot belong to \`tty\`.
gone=sshd-none
[ "$MACHINE_KIND" = root ] || gone=tty
{ grep -v -e '^ubuntu:' -e '^[^:]*:[^:]*:1000:' -e "^$gone:" /etc/group; echo 'ubuntu:x:1000:'; } > /run/group
rm -f /etc/passwd /etc/group
cp /run/passwd /run/group /etc/
chmod 644 /etc/passwd /etc/group

cat > /run/sshd/config <<CONFIG
ListenAddress $MACHINE_ADDRESS
Port $MACHINE_PORT
HostKey /run/sshd/host_key
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers ubuntu
StrictModes no
UseDNS no
PrintMotd no
Subsystem sftp internal-sftp
AcceptEnv LANG LC_*
$(cat /run/sshd/environment)
CONFIG
if [ "$MACHINE_USER" = root ]; then
  sed -i -e 's/^PermitRootLogin.*/PermitRootLogin prohibit-password/' -e 's/^AllowUsers.*/AllowUsers root/' /run/sshd/config
fi
if [ -n "$MACHINE_SEVEN_BITS" ]; then
  cat > /run/sshd/seven-bits <<'COMMAND'
#!/bin/sh
\${SHELL:-/bin/sh} -c "$SSH_ORIGINAL_COMMAND" | LC_ALL=C tr '\\200-\\377' '\\000-\\177'
COMMAND
  echo 'ForceCommand /bin/sh /run/sshd/seven-bits' >> /run/sshd/config
fi
cp /run/sshd/config /run/sshd/booting
booting='System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8).'

if [ "$MACHINE_KIND" = root ]; then
  { grep -v '^ubuntu:' /etc/shadow 2>/dev/null || :; echo 'ubuntu:*:19800:0:99999:7:::'; } > /run/shadow
  rm -f /etc/shadow
  (umask 077; cp /run/shadow /etc/)
  rm -f /run/shadow
  grep -q '^sshd:' /etc/passwd || echo 'sshd:x:74:65534::/run/sshd:/usr/sbin/nologin' >> /etc/passwd
  mkdir -p /etc/sudoers.d /etc/pam.d
  rm -f /etc/sudoers.d/90-cloud-init-users
  echo 'ubuntu ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/90-cloud-init-users
  chmod 440 /etc/sudoers.d/90-cloud-init-users
  permit() { printf '%s required pam_permit.so\\n' auth account session; }
  { echo 'account required pam_nologin.so'; permit; } > /etc/pam.d/sshd
  permit > /etc/pam.d/sudo
  for word in shutdown poweroff halt reboot; do
    rm -f /usr/local/sbin/$word
    cp /run/end-machine.sh /usr/local/sbin/$word
    chmod 755 /usr/local/sbin/$word
  done
  echo 'UsePAM yes' | tee -a /run/sshd/config >> /run/sshd/booting
  echo "$booting" > /run/nologin
else
  # An unprivileged sshd does not use PAM, so a banner announces the boot and no user is allowed.
  echo "$booting" > /run/sshd/banner
  echo 'Banner /run/sshd/banner' >> /run/sshd/booting
  sed -i 's/^AllowUsers.*/AllowUsers nobody-yet/' /run/sshd/booting
fi

daemon=
start_sshd() {
  if [ "$MACHINE_KIND" = root ]; then
    env -i PATH="$PATH" /usr/sbin/sshd -D -e -f "$1" < /dev/null &
  else
    env -i PATH="$PATH" unshare --user --map-user=1000 --map-group=1000 /usr/sbin/sshd -D -e -f "$1" < /dev/null &
  fi
  daemon=$!
}
# Sessions continue, as they do on a real machine.
stop_sshd() {
  kill "$daemon" 2>/dev/null || :
  wait "$daemon" 2>/dev/null || :
}

serve() {
  start_sshd /run/sshd/booting
  while read -r word; do
    case $word in
      ready)
        rm -f /run/nologin
        if [ "$MACHINE_KIND" != root ]; then stop_sshd; start_sshd /run/sshd/config; fi ;;
      host-key)
        rm -f /run/sshd/host_key
        ssh-keygen -q -t ed25519 -N '' -C '' -f /run/sshd/host_key
        stop_sshd
        start_sshd /run/sshd/config ;;
    esac
  done
}
exec 3<&0
serve <&3 &
echo $! > /run/serve.pid
# The first process reaps orphaned processes until the pipe closes or a user shuts the machine down.
wait $! || :
[ "$(cat /run/ending 2>/dev/null)" != reboot ] || exit ${rebootCode}
exit 0
`;

/** Replaces shutdown and reboot, because the machine has no systemd. */
export const endMachineScript = `#!/bin/sh
[ "$(id -u)" -eq 0 ] || { echo "$(basename "$0"): must be root" >&2; exit 1; }
ending=halt
case "$(basename "$0") $*" in reboot*|*' -r'*) ending=reboot ;; esac
echo $ending > /run/ending
kill -KILL "$(cat /run/serve.pid)"
`;
