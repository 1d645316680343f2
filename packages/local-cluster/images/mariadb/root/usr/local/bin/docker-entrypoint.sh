#!/bin/bash
# Starts MariaDB. The first time, on an empty data directory: makes the database, the users and the passwords that the
# environment asks for (MARIADB_* or MYSQL_*), then runs what lies in /docker-entrypoint-initdb.d, before the port is open.
set -Eeo pipefail
shopt -s nullglob

socket=/run/mysqld/mysqld.sock

say() { echo "$(date -u +%FT%TZ) [Entrypoint]: $*"; }
fail() { say "ERROR: $*" >&2; exit 1; }

# setting NAME: the first of MARIADB_NAME, MARIADB_NAME_FILE, MYSQL_NAME, MYSQL_NAME_FILE, as MARIADB_NAME.
setting() {
  local variable file_variable value=
  for variable in "MARIADB_$1" "MYSQL_$1"; do
    file_variable=${variable}_FILE
    [ -z "${!variable-}" ] || [ -z "${!file_variable-}" ] ||
      fail "Both $variable and $file_variable are set (but are exclusive)"
    if [ -n "$value" ]; then continue; fi
    if [ -n "${!file_variable-}" ]; then value=$(< "${!file_variable}"); else value=${!variable-}; fi
    unset "$file_variable"
  done
  printf -v "MARIADB_$1" '%s' "$value"
}

# A value as an SQL string.
quoted() { local text=${1//\\/\\\\}; printf "'%s'" "${text//\'/\\\'}"; }

sql() { mariadb --protocol=socket --socket="$socket" --user=root --password="$MARIADB_ROOT_PASSWORD" "$@"; }

docker_process_sql() { sql ${MARIADB_DATABASE:+--database="$MARIADB_DATABASE"} "$@"; }

run_init_files() {
  local file
  for file; do
    case $file in
      *.sh)
        say "running $file"
        if [ -x "$file" ]; then "$file"; else . "$file"; fi
        ;;
      *.sql) say "running $file"; docker_process_sql < "$file" ;;
      *.sql.gz) say "running $file"; gunzip -c "$file" | docker_process_sql ;;
      *.sql.xz) say "running $file"; xz -dc "$file" | docker_process_sql ;;
      *.sql.zst) say "running $file"; zstd -dc "$file" | docker_process_sql ;;
      *) say "ignoring $file" ;;
    esac
  done
}

start_for_setup() {
  "$@" --skip-networking --socket="$socket" --wsrep-on=OFF --loose-innodb-buffer-pool-load-at-startup=0 &
  server=$!
  until mariadb --protocol=socket --socket="$socket" --user=root --database=mysql -e 'select 1' &> /dev/null; do
    kill -0 "$server" 2> /dev/null || fail 'Unable to start server.'
    sleep 0.2
  done
}

first_start() {
  say 'Initializing database files'
  mariadb-install-db --datadir="$datadir" --auth-root-authentication-method=normal --skip-test-db --rpm \
    --skip-name-resolve "${@:2}" > /dev/null
  start_for_setup "$@"
  if [ -n "$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
    MARIADB_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64)
    say "GENERATED ROOT PASSWORD: $MARIADB_ROOT_PASSWORD"
  fi
  local check
  check=$(head -c 24 /dev/urandom | base64)
  {
    # The installer also makes accounts without a password, for other names of this host.
    echo "delete from mysql.global_priv where User = '' or User = 'root' and Host <> 'localhost'; flush privileges;"
    if [ -n "$MARIADB_ROOT_HOST" ] && [ "$MARIADB_ROOT_HOST" != localhost ]; then
      echo "create user 'root'@$(quoted "$MARIADB_ROOT_HOST") identified by $(quoted "$MARIADB_ROOT_PASSWORD");"
      echo "grant all on *.* to 'root'@$(quoted "$MARIADB_ROOT_HOST") with grant option;"
    fi
    for host in 127.0.0.1 ::1 localhost; do
      echo "create user healthcheck@'$host' identified by '$check'; grant usage on *.* to healthcheck@'$host';"
    done
    [ -z "$MARIADB_DATABASE" ] || echo "create database if not exists \`${MARIADB_DATABASE//\`/\`\`}\`;"
    if [ -n "$MARIADB_USER" ]; then
      echo "create user $(quoted "$MARIADB_USER")@'%' identified by $(quoted "$MARIADB_PASSWORD");"
      # In a grant, underscore and percent are patterns.
      local pattern=${MARIADB_DATABASE//_/\\_}
      [ -z "$MARIADB_DATABASE" ] ||
        echo "grant all on \`${pattern//%/\\%}\`.* to $(quoted "$MARIADB_USER")@'%';"
    fi
    echo "set password for 'root'@'localhost' = password($(quoted "$MARIADB_ROOT_PASSWORD"));"
  } | mariadb --protocol=socket --socket="$socket" --user=root --database=mysql
  (umask 077 && printf '[client]\nuser=healthcheck\npassword=%s\n' "$check" > "$datadir/.my-healthcheck.cnf")
  run_init_files /docker-entrypoint-initdb.d/*
  kill "$server"
  wait "$server" || true
  say 'MariaDB init process done. Ready for start up.'
}

if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi

asks_only() {
  local argument
  for argument; do
    case $argument in -'?' | --help | --print-defaults | -V | --version) return 0 ;; esac
  done
  return 1
}

if { [ "$1" = mariadbd ] || [ "$1" = mysqld ]; } && ! asks_only "$@"; then
  datadir=$("$@" --verbose --help 2> /dev/null | awk '$1 == "datadir" && !found { print $2; found = 1 }') ||
    fail "these arguments are not valid: $("$@" --verbose --help 2>&1 > /dev/null | tail -n 5)"
  datadir=${datadir:-/var/lib/mysql/}
  mkdir -p "$datadir" /run/mysqld
  if [ "$(id -u)" = 0 ]; then
    find "$datadir" /run/mysqld \! -user mysql -exec chown mysql: '{}' +
    exec setpriv --reuid mysql --regid mysql --init-groups -- "$0" "$@"
  fi
  if [ ! -d "$datadir/mysql" ]; then
    setting ROOT_PASSWORD
    setting ROOT_HOST
    setting DATABASE
    setting USER
    setting PASSWORD
    setting RANDOM_ROOT_PASSWORD
    setting ALLOW_EMPTY_ROOT_PASSWORD
    : "${MARIADB_ROOT_HOST:=%}"
    empty=${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-${MYSQL_ALLOW_EMPTY_PASSWORD-}}
    if [ -z "$MARIADB_ROOT_PASSWORD$empty$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
      fail 'Database is uninitialized and password option is not specified
	Set one of MARIADB_ROOT_PASSWORD, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD'
    fi
    first_start "$@"
  fi
fi
exec "$@"
