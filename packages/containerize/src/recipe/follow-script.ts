/**
 * The end of the start script for programs that write their log to files: the program is a child of process 1, which forwards signals,
 * follows the files, and ends a second after the program with its exit code, so that the reason of a crash is in the log.
 */
export const followScript: string = `
separator=$IFS
lines='
'
known=$lines
# Without patterns: files of text that the program writes and does not read, named as logs are; not those of the garbage collector.
logs_in() { find "$program" /var/log -type f '(' -name '*.log' -o -name '*.out' ')' "$@" 2>/dev/null; }
only_logs() {
  while IFS= read -r file; do
    case $file in
    *[-_.]gc.* | *[-_.]gc[-_]*) continue ;;
    "$program"/*.log | "$program"/*.out | /var/log/*.log) ;;
    *) continue ;;
    esac
    [ "$(head -c 1024 "$file" | tr -d '\\000' | wc -c)" -eq "$(head -c 1024 "$file" | wc -c)" ] && printf '%s\\n' "$file"
  done
}
open_logs() { ls -l "/proc/$program_id/fd" 2>/dev/null | sed -n 's/^l-w.* -> //p' | sort -u | only_logs; }
# What it had before this start is not shown again.
offset_of() {
  while read -r size path; do
    [ "$path" = "$1" ] && [ "$(wc -c <"$1")" -ge "$size" ] && echo "+$((size + 1))" && return
  done <"$run/before"
  echo +1
}
follow_these() {
  IFS=$lines
  for file in $1; do
    case $known in *"$lines$file$lines"*) continue ;; esac
    known=$known$file$lines
    tail -c "$(IFS=$separator && offset_of "$file")" -F "$file" 2>/dev/null &
    tails="$tails $!"
  done
  IFS=$separator
}
# Files of the image and of volumes are followed from their end.
follow() {
  from=$1
  IFS=$lines
  for file in $LANDFALL_LOGS; do
    [ -f "$file" ] || continue
    case $known in *"$lines$file$lines"*) continue ;; esac
    known=$known$file$lines
    tail -n "$from" -F "$file" 2>/dev/null &
    tails="$tails $!"
  done
  IFS=$separator
}
tails=
rounds=0
[ "$LANDFALL_LOGS" != auto ] || logs_in -exec wc -c {} + >"$run/before"
[ "$LANDFALL_LOGS" = auto ] || follow 0
env -i /bin/sh "$run/command" &
program_id=$!
for signal in TERM INT HUP QUIT USR1 USR2; do
  trap "kill -$signal $program_id 2>/dev/null" "$signal"
done
while kill -0 "$program_id" 2>/dev/null; do
  if [ "$LANDFALL_LOGS" != auto ]; then follow +1
  elif [ "$rounds" -lt 150 ] || [ $((rounds % 25)) -eq 0 ]; then follow_these "$(open_logs)"; fi
  rounds=$((rounds + 1))
  # A shell takes a signal when what it waits for in the background ends.
  sleep 0.2 &
  wait $!
  case $(cat "/proc/$program_id/stat" 2>/dev/null) in *') Z '*) break ;; esac
done
wait "$program_id"
code=$?
# Also those of a program that has ended at once.
if [ "$LANDFALL_LOGS" = auto ]; then follow_these "$(logs_in -newer "$run/before" | only_logs)"; else follow +1; fi
sleep 1
for one in $tails; do kill "$one" 2>/dev/null; done
exit "$code"
`
