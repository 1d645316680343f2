#!/bin/sh
# What lies under /mosquitto belongs to the broker, which gives root up by itself. Mounted read-only, it may stay as it is.
set -e
if [ "$(id -u)" = 0 ] && [ -d /mosquitto ]; then
  chown -R mosquitto:mosquitto /mosquitto || true
fi
exec "$@"
