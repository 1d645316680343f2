#!/bin/bash
# Starts PostgreSQL. The first time, on an empty PGDATA: makes the database, the user and the password that the environment
# asks for, then runs what lies in /docker-entrypoint-initdb.d, all of it before anybody can reach the server over TCP.
set -Eeo pipefail

# setting NAME [DEFAULT]: NAME from the environment, or from the file that NAME_FILE points to.
setting() {
  local file_variable=${1}_FILE
  if [ -n "${!1-}" ] && [ -n "${!file_variable-}" ]; then
    echo >&2 "error: both $1 and $file_variable are set (but are exclusive)"
    exit 1
  fi
  if [ -n "${!file_variable-}" ]; then
    export "$1"="$(< "${!file_variable}")"
  else
    export "$1"="${!1:-${2-}}"
  fi
  unset "$file_variable"
}

require_password() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    cat >&2 <<'MESSAGE'
Error: Database is uninitialized and superuser password is not specified.
       Set POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE) to a password,
       or POSTGRES_HOST_AUTH_METHOD=trust to let everybody in without one.
MESSAGE
    exit 1
  fi
}

create_cluster() {
  local wal=()
  [ -z "${POSTGRES_INITDB_WALDIR-}" ] || wal=(--waldir "$POSTGRES_INITDB_WALDIR")
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") "${wal[@]}" '"${POSTGRES_INITDB_ARGS-}"
  if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then
    echo >&2 'warning: POSTGRES_HOST_AUTH_METHOD=trust lets everybody in without a password'
  fi
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >> "$PGDATA/pg_hba.conf"
}

query() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

docker_process_sql() { query --dbname "$POSTGRES_DB" "$@"; }

run_init_files() {
  local file
  for file; do
    case $file in
      *.sh)
        echo "$0: running $file"
        if [ -x "$file" ]; then "$file"; else . "$file"; fi
        ;;
      *.sql) echo "$0: running $file"; docker_process_sql -f "$file" ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | docker_process_sql ;;
      *.sql.xz) echo "$0: running $file"; xz -dc "$file" | docker_process_sql ;;
      *.sql.zst) echo "$0: running $file"; zstd -dc "$file" | docker_process_sql ;;
      *) echo "$0: ignoring $file" ;;
    esac
    echo
  done
}

# Only the socket: whoever waits for the port waits until everything is there.
first_start() {
  create_cluster
  pg_ctl -D "$PGDATA" -w start \
    -o "$(printf '%q ' "${@:2}" -c listen_addresses='' -p "${PGPORT:-5432}")"
  if [ "$POSTGRES_DB" != postgres ] &&
    [ -z "$(query --dbname postgres -At -v db="$POSTGRES_DB" <<< "select 1 from pg_database where datname = :'db'")" ]; then
    query --dbname postgres -v db="$POSTGRES_DB" <<< 'create database :"db"'
  fi
  shopt -s nullglob
  run_init_files /docker-entrypoint-initdb.d/*
  shopt -u nullglob
  pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi

asks_only() {
  local argument
  for argument; do
    case $argument in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

if [ "$1" = postgres ] && ! asks_only "$@"; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA" 2> /dev/null || true
  chmod 3777 /var/run/postgresql 2> /dev/null || true
  if [ -n "${POSTGRES_INITDB_WALDIR-}" ]; then mkdir -p "$POSTGRES_INITDB_WALDIR"; fi
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} /var/run/postgresql \
      \! -user postgres -exec chown postgres '{}' +
    exec setpriv --reuid postgres --regid postgres --init-groups -- "$0" "$@"
  fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    setting POSTGRES_PASSWORD
    setting POSTGRES_USER postgres
    setting POSTGRES_DB "$POSTGRES_USER"
    setting POSTGRES_HOST_AUTH_METHOD scram-sha-256
    require_password
    ls /docker-entrypoint-initdb.d/ > /dev/null
    export PGPASSWORD=${PGPASSWORD-$POSTGRES_PASSWORD}
    first_start "$@"
    unset PGPASSWORD
  fi
fi
exec "$@"
