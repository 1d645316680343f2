#!/bin/sh
# Writes a directory ($1) as a tar archive to standard output: the same files are the same bytes.
set -eu
exec tar --create --format=pax --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
  --sort=name --mtime=@0 --numeric-owner --directory="$1" .
