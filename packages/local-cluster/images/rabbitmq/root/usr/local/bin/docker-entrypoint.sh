#!/bin/bash
# Starts RabbitMQ as its own user, with the default user and virtual host of the environment.
set -euo pipefail

if [[ "$1" == rabbitmq* ]] && [ "$(id -u)" = 0 ]; then
  if [ "$1" = rabbitmq-server ]; then
    find /var/lib/rabbitmq \! -user rabbitmq -exec chown rabbitmq '{}' +
    # Made here and at once: a health check that runs as root would make one that the broker cannot read.
    if [ -z "${RABBITMQ_ERLANG_COOKIE:-}" ] && [ ! -e /var/lib/rabbitmq/.erlang.cookie ]; then
      (umask 077 && head -c 20 /dev/urandom | base32 > /var/lib/rabbitmq/.erlang.cookie)
      chown rabbitmq:rabbitmq /var/lib/rabbitmq/.erlang.cookie
    fi
  fi
  exec setpriv --reuid rabbitmq --regid rabbitmq --clear-groups -- "$BASH_SOURCE" "$@"
fi

if [ "$1" = rabbitmq-server ] && [ -n "${RABBITMQ_ERLANG_COOKIE:-}" ]; then
  cookie=/var/lib/rabbitmq/.erlang.cookie
  if [ -e "$cookie" ] && [ "$(cat "$cookie")" != "$RABBITMQ_ERLANG_COOKIE" ]; then
    echo >&2 "warning: $cookie is not what RABBITMQ_ERLANG_COOKIE says; the file wins"
  elif [ ! -e "$cookie" ]; then
    (umask 077 && printf '%s' "$RABBITMQ_ERLANG_COOKIE" > "$cookie")
  fi
fi
exec "$@"
