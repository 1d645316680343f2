#!/bin/bash
# What health checks of the image ask for: `--connect` (answers over TCP, so not while it is being set up),
# `--innodb_initialized`. Exits 0 when all that was asked holds.
set -eo pipefail
client=(mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf --skip-column-names --batch)
[ $# -gt 0 ] || { echo >&2 'At least one check is needed, for instance --connect'; exit 1; }
for check; do
  case $check in
    --connect) "${client[@]}" --host=127.0.0.1 --protocol=tcp -e 'select 1' > /dev/null ;;
    --innodb_initialized)
      [ "$("${client[@]}" --protocol=socket -e "select 1 from information_schema.engines where engine = 'innodb' and support in ('YES', 'DEFAULT')")" = 1 ]
      ;;
    --su-mysql | --su=mysql | --no-defaults) ;;
    *) echo >&2 "the check $check is not known here"; exit 1 ;;
  esac
done
