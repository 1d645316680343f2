#!/bin/sh
# Options and configuration files are for redis-server. The server gives root up; what it finds in /data becomes its own.
set -e
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec setpriv --reuid redis --regid redis --clear-groups -- "$0" "$@"
fi
# Not readable by others, unless someone asked for another mask.
[ "$(umask)" != 0022 ] || umask 0077
exec "$@"
