#!/bin/sh
# Takes out of a root file system ($1) what differs from one run to the next: caches, logs, locks, backups, dates.
set -eu
cd "$1"
rm -rf var/cache/apt/* var/lib/apt/lists/* var/cache/ldconfig var/cache/debconf/*-old var/lib/dpkg/*-old \
  var/lib/dpkg/lock* var/lib/dpkg/triggers/Lock var/lib/systemd tmp/* tmp/.[!.]* run/* var/tmp/* \
  etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid- etc/.pwd.lock etc/machine-id
[ ! -d var/log ] || find var/log -type f -exec truncate -s 0 {} +
# The day of the last password change (shadow(5), third field).
[ ! -f etc/shadow ] || sed -i 's/^\([^:]*:[^:]*:\)[0-9]*:/\119675:/' etc/shadow
