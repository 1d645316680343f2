#!/bin/sh
# Runs buildah from an unpacked package. In: UNPACKED (packages and the libraries that they need), RESOLV_CONF (the name
# servers that its network reaches; the machine's own if omitted).
# Its libraries are laid under the machine's own in this mount namespace: what it starts in a build's root file system loads
# them too, with an empty environment. Runs as root in mount and pid namespaces of its own.
set -eu
for unpacked in "$UNPACKED"/usr/lib/*-linux-gnu*; do
  libraries=$(basename "$unpacked")
  layers=/usr/lib/$libraries:$unpacked
  [ ! -d "$UNPACKED/lib/$libraries" ] || layers=$layers:$UNPACKED/lib/$libraries
  mount -t overlay -o "lowerdir=$layers" overlay "/usr/lib/$libraries"
done
if [ -n "${RESOLV_CONF:-}" ]; then mount --bind "$RESOLV_CONF" /etc/resolv.conf; fi
# One stream: its steps and what the programs of a step say arrive in the order in which they were said.
exec "$UNPACKED/usr/bin/buildah" "$@" 2>&1
