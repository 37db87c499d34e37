/**
 * The first process of a machine, as root of its own mount, process, name and IPC namespaces (`unshare`).
 * It builds a root of its own, steps into it and starts sshd; what it is told comes line by line from the emulator. When
 * that pipe ends, for whatever reason, it ends too, and the kernel ends everything inside.
 *
 * `$1` is the machine's folder. `MACHINE_KIND` is `root`, or `user` where root is only the namespace's own (then nothing
 * of this computer can be written over, so /usr is as it is, read-only).
 */
export const bootScript = `set -eu
# Whoever logs in is not who started the emulator: a strict umask of his must not lock them out.
umask 022
machine=$1
disk=$machine/disk
root=$machine/root
mount --make-rprivate / 2>/dev/null || :

# Not every file system can be written over: Docker's own is an overlay already, memory is then.
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
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# Before anything is shared: what this computer owns is never touched.
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
  chmod 700 "$root/home/ubuntu/.ssh"
  chmod 600 "$root/home/ubuntu/.ssh/authorized_keys"
  [ "$MACHINE_KIND" != root ] || chown -R 1000:1000 "$root/home/ubuntu"
fi
# An ordinary user may not take away what the file system was mounted with.
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
