#!/bin/sh
# Writes a root file system that holds a few programs with the libraries they load, and nothing else, to standard output.
# In: WORK (an empty directory), ARCHIVES (the .deb files), PROGRAMS (absolute paths), FILES, SETUP, RELEASE, ASSEMBLY.
# SETUP runs on this machine with ROOT (the new root) and UNPACKED (all that the packages hold).
# Runs as root in mount and pid namespaces of its own.
set -eu
mount -t tmpfs -o mode=0755,size=100% tmpfs "$WORK"
unpacked=$WORK/unpacked
root=$WORK/root
mkdir "$unpacked" "$root"
{
  for name in bin sbin lib lib64; do
    mkdir -p "$unpacked/usr/$name" "$root/usr/$name"
    ln -s "usr/$name" "$unpacked/$name"
    ln -s "usr/$name" "$root/$name"
  done
  for deb in "$ARCHIVES"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar --extract --keep-directory-symlink --directory="$unpacked"
  done
  keep() {
    [ -e "$root/$1" ] && return
    mkdir -p "$root/$(dirname "$1")"
    cp --dereference --preserve=mode "$unpacked/$1" "$root/$1"
  }
  for program in $PROGRAMS; do
    keep "$program"
    # The dynamic linker itself tells what a program loads; a static program is none of its business.
    linker=/$(cd "$unpacked" && find lib64/ lib/ -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
    chroot "$unpacked" "$linker" --verify "$program" || continue
    for library in $(chroot "$unpacked" "$linker" --list "$program" | tr ' \t' '\n\n' | grep '^/'); do
      keep "$library"
    done
  done
  install -d -m 1777 "$root/tmp" "$root/var/tmp"
  install -d -m 755 "$root/etc" "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/home"
  install -d -m 700 "$root/root"
  if [ -n "$FILES" ]; then
    (cd "$FILES" && find . -type f) | while read -r path; do
      if [ -x "$FILES/$path" ]; then mode=755; else mode=644; fi
      install -D -o 0 -g 0 -m "$mode" "$FILES/$path" "$root/$path"
    done
  fi
  [ -z "$SETUP" ] || ROOT=$root UNPACKED=$unpacked sh -eu "$SETUP" "$RELEASE"
} >&2
exec "$ASSEMBLY/archive.sh" "$root"
