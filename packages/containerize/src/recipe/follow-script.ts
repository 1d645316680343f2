/**
 * The end of the start script for programs that write their log to files: the program is a child of process 1, which forwards signals,
 * follows the files, and ends a second after the program with its exit code, so that the reason of a crash is in the log.
 */
export const followScript: string = `
separator=$IFS
lines='
'
known=$lines
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
follow 0
env -i /bin/sh "$run/command" &
program_id=$!
for signal in TERM INT HUP QUIT USR1 USR2; do
  trap "kill -$signal $program_id 2>/dev/null" "$signal"
done
while kill -0 "$program_id" 2>/dev/null; do
  follow +1
  # A shell takes a signal when what it waits for in the background ends.
  sleep 0.2 &
  wait $!
  case $(cat "/proc/$program_id/stat" 2>/dev/null) in *') Z '*) break ;; esac
done
wait "$program_id"
code=$?
follow +1
sleep 1
for one in $tails; do kill "$one" 2>/dev/null; done
exit "$code"
`
