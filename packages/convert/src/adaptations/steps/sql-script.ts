/**
 * Sends statements to a database, in any image with sh and its client, which is safe to run again: `sql CLIENT HOST PORT LOGIN`. The login is in the
 * variables of the container, the statements in SQL_RUN or in the file SQL_FILE, and SQL_UNLESS is a query that gives a row when the work is done.
 */
export const SQL_SCRIPT = String.raw`kind=$1 host=$2 port=$3
eval "user=\${$4_USER:-} password=\${$4_PASSWORD:-} database=\${$4_DATABASE:-}"
send() {
  if [ "$kind" = postgres ]; then
    PGPASSWORD=$password PGCONNECT_TIMEOUT=3 psql -h "$host" -p "$port" -U "$user" -d "$database" -XAtq -v ON_ERROR_STOP=1 "$@"
  else
    client=mysql
    command -v mysql >/dev/null || client=mariadb
    MYSQL_PWD=$password "$client" --no-defaults --protocol=tcp -h "$host" -P "$port" -u "$user" --connect-timeout=3 --default-character-set=utf8mb4 -N "$@" ${'$'}{database:+"$database"}
  fi
}
query() {
  if [ "$kind" = postgres ]; then send -c "$1" </dev/null; else send -Be "$1" </dev/null; fi
}
# is_done: 0 if the query gives a row, 1 if it gives none or its tables are not there, 2 if it fails
is_done() {
  rows=$(query "$SQL_UNLESS" 2>/dev/null && echo end)
  case $rows in
    end) return 1 ;;
    *end) return 0 ;;
  esac
  failure=$(query "$SQL_UNLESS" 2>&1 >/dev/null)
  case $failure in
    *'ERROR 1146'* | *'ERROR 1049'* | *'relation '*'does not exist'* | *'schema '*'does not exist'*) return 1 ;;
  esac
  echo "the query of unless fails: $failure" >&2
  return 2
}
told=
until failure=$(query 'SELECT 1' 2>&1 >/dev/null); do
  case $failure in
    *denied* | *'authentication failed'* | *'nknown database'* | *'database '*'does not exist'* | *'role '*'does not exist'* | *'not found'*)
      echo "$failure" >&2
      exit 1
      ;;
  esac
  [ "$told" = "$failure" ] || echo "waiting for $host: $failure"
  told=$failure
  sleep 1
done
if [ -n "${'$'}{SQL_UNLESS:-}" ]; then
  is_done
  case $? in
    0) echo "nothing to do: $SQL_UNLESS gives a row" && exit 0 ;;
    2) exit 1 ;;
  esac
fi
if [ "$kind" = postgres ]; then set -- --single-transaction -f -; else set --; fi
if [ -n "${'$'}{SQL_FILE:-}" ]; then
  send "$@" <"$SQL_FILE" || exit 1
else
  printf '%s\n' "$SQL_RUN" | send "$@" || exit 1
fi
if [ -n "${'$'}{SQL_UNLESS:-}" ] && ! is_done; then
  echo "the statements have run, and $SQL_UNLESS gives no row: they would run again each time" >&2
  exit 1
fi
echo done
`
