/**
 * The first process of a machine, as root in its own mount, process, host name and IPC namespaces (`unshare`). It
 * creates a root file system, changes into it and starts sshd. It receives commands line by line from the emulator.
 * When that pipe closes, it ends, and the kernel ends all processes inside.
 *
 * `$1` is the machine's folder. `MACHINE_KIND` is `root`, or `user` when root exists only inside the namespace. In
 * that case no file of this computer can be overlaid, so /usr is mounted read-only.
 */
export const bootScript = `set -eu
# The machine's user is not the one who started the emulator, whose strict umask must not lock them out.
umask 022
machine=$1
disk=$machine/disk
root=$machine/root
mount --make-rprivate / 2>/dev/null || :

# Not every file system supports overlays: Docker's is an overlay itself. A tmpfs is used then.
overlay() {
  for upper in "$machine" "$machine/memory"; do
    [ "$upper" = "$machine" ] || mountpoint -q "$upper" || { mkdir -p "$upper"; mount -t tmpfs tmpfs "$upper"; }
    mkdir -p "$upper/disk/$1" "$upper/work/$1" "$root/$1"
    mount -t overlay overlay -o "lowerdir=/$1,upperdir=$upper/disk/$1,workdir=$upper/work/$1" "$root/$1" 2>/dev/null && return
  done
  return 1
}
own() {
  mkdir -p "$disk/$1" "$root/$1"
  mount --bind "$disk/$1" "$root/$1"
}
seen() {
  mkdir -p "$root/$1"
  mount --rbind "/$1" "$root/$1"
}

mkdir -p "$root" "$disk/slash"
mount --bind "$disk/slash" "$root"
if [ "$MACHINE_KIND" = root ]; then
  overlay usr
  overlay etc
else
  seen usr
  [ -d "$disk/etc" ] || { mkdir -p "$disk/etc"; cp -R /etc/. "$disk/etc/" 2>/dev/null || :; }
  own etc
fi
for folder in bin sbin lib lib32 lib64 libx32; do
  if [ -L /$folder ]; then [ -L "$root/$folder" ] || cp -P /$folder "$root/"
  elif [ -d /$folder ]; then if [ "$MACHINE_KIND" = root ]; then overlay $folder; else seen $folder; fi
  fi
done
rm -rf "$disk/tmp"
for folder in home root opt srv var tmp; do own $folder; done
mkdir -p "$root/var/log" "$root/var/tmp" "$root/var/spool" "$root/var/lib" "$root/var/cache" "$root/mnt" "$root/media"
chmod 1777 "$root/tmp" "$root/var/tmp"
chmod 711 "$root/root"
: >> "$root/var/log/lastlog"
if [ "$MACHINE_KIND" = root ]; then overlay var/lib || :; overlay var/cache || :; fi
mkdir -p "$root/run" "$root/proc" "$root/sys" "$root/dev" "$root/old"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -p "$root/run/sshd" "$root/run/lock"
: > "$root/run/utmp"
[ -L "$root/var/run" ] || ln -s /run "$root/var/run"
[ -L "$root/var/lock" ] || ln -s /run/lock "$root/var/lock"
mount -t proc proc "$root/proc"
mount --bind "$machine/boot-id" "$root/proc/sys/kernel/random/boot_id"
mount --rbind /sys "$root/sys" 2>/dev/null || :

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs -o "mode=1777\${MACHINE_SHM:+,size=\${MACHINE_SHM}m}" tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# Before shares are mounted, so that files of this computer are never changed.
new=
[ -d "$root/home/ubuntu/.ssh" ] || new=yes
while read -r how from to; do
  mkdir -p "$root\${to%/*}"
  if [ -d "$from" ]; then mkdir -p "$root$to"; else : >> "$root$to"; fi
done < "$machine/shares"
if [ -n "$new" ]; then
  mkdir -p "$root/home/ubuntu/.ssh"
  cp "$machine/authorized_keys" "$root/home/ubuntu/.ssh/authorized_keys"
  for file in .bashrc .profile; do [ ! -e /etc/skel/$file ] || cp /etc/skel/$file "$root/home/ubuntu/"; done
  if [ "$MACHINE_USER" = root ]; then mkdir -p "$root/root/.ssh"; cp "$machine/authorized_keys" "$root/root/.ssh/"; chmod 700 "$root/root/.ssh"; fi
  chmod 700 "$root/home/ubuntu/.ssh"
  chmod 600 "$root/home/ubuntu/.ssh/authorized_keys"
  [ "$MACHINE_KIND" != root ] || chown -R 1000:1000 "$root/home/ubuntu"
fi
# An unprivileged user cannot drop the mount flags of the file system, so they are repeated.
read_only() {
  mount -o remount,bind,ro "$2" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$2" 2>/dev/null || {
    flags=$(findmnt -fnro VFS-OPTIONS --target "$1" | sed 's/^rw,*//')
    mount -o "remount,bind,ro,$flags" "$2"
  }
}
while read -r how from to; do
  mount --rbind "$from" "$root$to"
  [ "$how" = write ] || read_only "$from" "$root$to"
done < "$machine/shares"

hostname "$MACHINE_NAME" 2>/dev/null || echo "$MACHINE_NAME" > /proc/sys/kernel/hostname
rm -f "$root/etc/nologin" "$root/etc/hostname" "$root/etc/hosts"
echo "$MACHINE_NAME" > "$root/etc/hostname"
printf '127.0.0.1 localhost %s\\n::1 localhost\\n' "$MACHINE_NAME" > "$root/etc/hosts"
cp "$machine/first-boot.sh" "$machine/end-machine.sh" "$root/run/"
cp "$machine/host_key" "$machine/environment" "$root/run/sshd/"
chmod 600 "$root/run/sshd/host_key"

cd "$root"
pivot_root . old
umount -l /old
rmdir /old
exec sh /run/first-boot.sh
`;
