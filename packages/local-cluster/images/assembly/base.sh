#!/bin/sh
# Makes the root file system of a Debian suite in $BASE and writes it as a tar archive to standard output.
# In: BASE (a directory that does not exist), SUITE, SOURCES (deb822), PACKAGES (comma separated),
#     MMDEBSTRAP (the unpacked package), MIRROR, SECURITY_MIRROR (what the shipped sources name), ASSEMBLY (this folder).
# Runs as root in mount and pid namespaces of its own; says what it does on standard error.
set -eu
work=$BASE.part
rm -rf "$work"
PATH=$MMDEBSTRAP/usr/bin:$PATH
{
  perl "$MMDEBSTRAP/usr/bin/mmdebstrap" --quiet --mode=root --variant=apt --include="$PACKAGES" \
    --hook-dir="$MMDEBSTRAP/usr/share/mmdebstrap/hooks/maybe-merged-usr" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='force-unsafe-io' \
    "$SUITE" "$work" "$SOURCES"

  # The image names Debian's own servers, whatever mirror this machine uses.
  rm -f "$work"/etc/apt/sources.list "$work"/etc/apt/sources.list.d/* "$work"/etc/apt/apt.conf.d/*mmdebstrap*
  cat > "$work/etc/apt/sources.list.d/debian.sources" <<SOURCES
Types: deb
URIs: $MIRROR
Suites: $SUITE $SUITE-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $SECURITY_MIRROR
Suites: $SUITE-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  # Without manual pages, but alternatives are registered in their folders (Java's, for instance).
  for section in 1 2 3 4 5 6 7 8 9; do mkdir -p "$work/usr/share/man/man$section"; done
  # No service is started by a package that a Dockerfile installs.
  printf '#!/bin/sh\nexit 101\n' > "$work/usr/sbin/policy-rc.d"
  chmod 755 "$work/usr/sbin/policy-rc.d"
  : > "$work/etc/resolv.conf"
  rm -f "$work/etc/hostname"
  "$ASSEMBLY/settle.sh" "$work"
  mv "$work" "$BASE"
} >&2
exec "$ASSEMBLY/archive.sh" "$BASE"
