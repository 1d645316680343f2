#!/bin/sh
# Options and addresses are for curl; a program's name runs that program.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null 2>&1; then
  set -- curl "$@"
fi
exec "$@"
