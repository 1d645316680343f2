/**
 * The part of the program of gates that sends requests in the protocols of other programs. Each function returns 0 if the wait
 * holds, 1 if it was observed that it does not, and 2 if there was no answer.
 */
export const CLIENTS_SCRIPT = String.raw`# part LOGIN PART: a part of a login, from the variables of this container
part() { eval "printf %s \"\${$1_$2:-}\""; }

# quoted TEXT: as it is between quotes in the configuration of curl
quoted() {
  rest=$1
  quoted=
  while [ -n "$rest" ]; do
    plain=${'$'}{rest%%[\"\\]*}
    rest=${'$'}{rest#"$plain"}
    quoted=$quoted$plain
    [ -z "$rest" ] && return
    quoted=$quoted\\${'$'}{rest%"${'$'}{rest#?}"}
    rest=${'$'}{rest#?}
  done
}

# consumer URL LOGIN VHOST QUEUE: the management API of RabbitMQ counts a consumer of the queue
consumer() {
  quoted "$(part "$2" USER)"
  user=$quoted
  quoted "$(part "$2" PASSWORD)"
  [ "$2" = - ] && user=guest quoted=guest
  answer=$(printf 'user = "%s:%s"\n' "$user" "$quoted" | fetch -K - "$1/api/queues/$3/$4?columns=consumers")
  status=${'$'}{answer##*"$newline"}
  case $status:$answer in
    200:*'"consumers":'[1-9]*) return 0 ;;
    200:*'"consumers":0'*) why="queue $4: it has no consumer" && return 1 ;;
    404:*) why="queue $4: there is no such queue at $1" && return 1 ;;
    401:* | 403:*) why="queue $4: the login is refused at $1" ;;
    000:*) why="queue $4: nothing answers at $1" ;;
    *) why="queue $4: $1 answers $status" ;;
  esac
  return 2
}

# four_bytes NUMBER
four_bytes() { printf "\\0\\0\\$(printf %03o $(($1 / 256)))\\$(printf %03o $(($1 % 256)))"; }

# znode HOST PORT PATH: ZooKeeper has the node; a session is opened for the question, and closed
znode() {
  length=$(printf %s "$3" | busybox wc -c)
  # A half-closed connection is closed by the server, with the answers that are not sent yet.
  patience=1
  [ "$attempt" -gt 5 ] && patience=3
  set -- "$@" $(exec 2>/dev/null && {
    # version, last transaction, timeout (4 s), session, password, and that a read-only server will do
    four_bytes 45
    printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\017\240\0\0\0\0\0\0\0\0\0\0\0\020\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\001'
    # request 1 of the type exists, the path, and that no change is reported
    four_bytes $((13 + length))
    printf '\0\0\0\001\0\0\0\003'
    four_bytes "$length"
    printf '%s\0' "$3"
    # request 2 of the type close session
    printf '\0\0\0\010\0\0\0\002\377\377\377\365'
    sleep "$patience"
  } | busybox timeout 5 busybox nc -w 2 "$1" "$2" | busybox od -An -v -tx1)
  why="znode $3: $1 ($2) does not answer"
  [ $# -ge 47 ] || return 2
  path=$3
  shift 3
  # the answer to the session, then length, number and transaction of the answer to the request, and its error
  shift $((4 + 0x$1$2$3$4))
  [ $# -ge 20 ] || return 2
  shift 16
  case $1$2$3$4 in
    00000000) return 0 ;;
    ffffff9b) why="znode $path: there is no such node" && return 1 ;;
  esac
  why="znode $path: the answer is error 0x$1$2$3$4"
  return 2
}

# rows CLIENT HOST PORT LOGIN QUERY: the query gives a row; it may not change anything
rows() {
  user=$(part "$4" USER)
  password=$(part "$4" PASSWORD)
  database=$(part "$4" DATABASE)
  # A row may be an empty line, which the shell would cut off.
  answer=$(query_"$1" "$2" "$3" "$5" 2>/dev/null && echo end)
  case $answer in
    end) why="$2: no row for $5" && return 1 ;;
    *end) return 0 ;;
  esac
  failure=$(query_"$1" "$2" "$3" "$5" 2>&1 >/dev/null)
  why="$2: ${'$'}{failure%%"$newline"*}"
  return 2
}

# query_postgres HOST PORT QUERY
query_postgres() {
  PGPASSWORD=$password PGCONNECT_TIMEOUT=3 PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=5s' \
    psql -h "$1" -p "$2" -U "$user" -d "$database" -XAtqw -c "$3" </dev/null
}

# query_mysql HOST PORT QUERY
query_mysql() {
  client=mysql
  command -v mysql >/dev/null || client=mariadb
  MYSQL_PWD=$password "$client" --no-defaults --protocol=tcp -h "$1" -P "$2" -u "$user" --connect-timeout=3 \
    --init-command='SET SESSION TRANSACTION READ ONLY' -NBe "$3" ${'$'}{database:+"$database"} </dev/null
}
`
