#!/bin/sh
# Installs packages and files over a base and writes what that changed as a layer to standard output.
# In: BASE (root file system, not changed), WORK (an empty directory), APT (the suite's apt directory: lists, etc),
#     PACKAGES (may be empty), FILES (a tree to copy, may be empty), SETUP (a script, may be empty), RELEASE (its first
#     argument), DOWNLOADS (mounted at /downloads for SETUP, may be empty), ASSEMBLY (this folder).
# Runs as root in mount and pid namespaces of its own: mounts and processes end with it.
set -eu
mount -t tmpfs -o mode=0755,size=100% tmpfs "$WORK"
mkdir "$WORK/upper" "$WORK/work" "$WORK/root"
chmod 755 "$WORK/upper"
root=$WORK/root
mount -t overlay -o "lowerdir=$BASE,upperdir=$WORK/upper,workdir=$WORK/work,redirect_dir=off,metacopy=off,index=off" overlay "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"

in_root() {
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH=0 chroot "$root" "$@"
}

{
  if [ -n "$FILES" ]; then
    # Only the kinds of mode that git keeps: others differ with the umask of the one who cloned.
    (cd "$FILES" && find . -mindepth 1 -type d) | while read -r path; do mkdir -p "$root/$path"; done
    (cd "$FILES" && find . -type f) | while read -r path; do
      if [ -x "$FILES/$path" ]; then mode=755; else mode=644; fi
      install -o 0 -g 0 -m "$mode" "$FILES/$path" "$root/$path"
    done
  fi
  if [ -n "$PACKAGES" ]; then
    mkdir -p "$root/run/lists" "$root/run/sources" "$root/run/archives" "$WORK/archives/partial"
    mount --bind "$APT/lists" "$root/run/lists"
    mount --bind "$APT/etc" "$root/run/sources"
    mount --bind "$WORK/archives" "$root/run/archives"
    # shellcheck disable=SC2086 # a list
    in_root apt-get -q -y --no-install-recommends \
      -o Dir::State::Lists=/run/lists -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/run/sources \
      -o Dir::Cache::archives=/run/archives -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
      -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io \
      -o Dpkg::Options::=--force-confold install $PACKAGES
  fi
  if [ -n "$SETUP" ]; then
    cp "$SETUP" "$root/run/setup.sh"
    if [ -n "$DOWNLOADS" ]; then
      mkdir "$root/run/downloads"
      mount --bind "$DOWNLOADS" "$root/run/downloads"
    fi
    in_root sh -eu /run/setup.sh "$RELEASE"
  fi
  umount "$root/etc/resolv.conf"
  for mounted in run tmp dev proc; do umount --recursive "$root/$mounted"; done
  "$ASSEMBLY/settle.sh" "$root"
  umount "$root"
  # Overlayfs marks a deleted file by a device 0/0 and a replaced directory by an attribute; layers have names for both.
  find "$WORK/upper" -type c | while read -r path; do
    [ "$(stat -c %t:%T "$path")" = 0:0 ] || continue
    rm "$path"
    : > "$(dirname "$path")/.wh.$(basename "$path")"
  done
} >&2
exec "$ASSEMBLY/archive.sh" "$WORK/upper"
