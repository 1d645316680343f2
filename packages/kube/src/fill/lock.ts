/**
 * One pod at a time works in a claim: functions of the script that fills claims. The holder of the directory `lock` writes a
 * new line into `lock/beat` each second. A lock whose line stays the same for so many seconds as `patience` is that of a
 * pod that is gone; no clocks of nodes are compared. A lock is taken over by renaming it, which one of several can do.
 */
export const LOCK = `patience=\${FILL_PATIENCE:-15}
beating=

# lock: waits for the claim of this step, without a time limit
lock() {
  seen=
  idle=0
  until mkdir "$state/lock" 2>/dev/null; do
    line=$(cat "$state/lock/beat" 2>/dev/null || :)
    if [ "$line" != "$seen" ]; then
      seen=$line
      idle=0
    elif [ "$idle" -lt "$patience" ]; then
      idle=$((idle + 1))
    else
      mv "$state/lock" "$work/lock" 2>/dev/null && rm -rf "$work/lock" || :
      idle=0
      continue
    fi
    sleep 1
  done
  beat >/dev/null 2>&1 &
  beating=$!
}

# beat: until the lock is that of another one
beat() {
  count=0
  while :; do
    case $(cat "$state/lock/beat" 2>/dev/null) in
      '' | "$work "*) ;;
      *) exit ;;
    esac
    count=$((count + 1))
    printf '%s %s\\n' "$work" "$count" >"$state/lock/beat"
    sleep 1
  done
}

# unlock: a shell that was just started loses a signal for which its parent has a trap, and would be waited for without an end
unlock() {
  [ -n "$beating" ] || return 0
  kill -KILL "$beating" 2>/dev/null || :
  wait "$beating" 2>/dev/null || :
  beating=
  case $(cat "$state/lock/beat" 2>/dev/null || :) in
    '' | "$work "*) rm -rf "$state/lock" ;;
  esac
}

trap unlock EXIT
trap 'exit 143' TERM INT
`
