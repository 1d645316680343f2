#!/bin/sh
# Runs what lies in /docker-entrypoint.d, in order, before nginx starts: programs, and *.envsh which set variables for those after.
set -e
case "$1" in
  nginx | nginx-debug)
    for file in $(find /docker-entrypoint.d/ -mindepth 1 -follow -type f | sort -V); do
      if [ ! -x "$file" ]; then
        echo "$0: Ignoring $file, it is not executable"
        continue
      fi
      case "$file" in
        *.envsh) . "$file" ;;
        *.sh) "$file" ;;
        *) echo "$0: Ignoring $file" ;;
      esac
    done
    ;;
esac
exec "$@"
