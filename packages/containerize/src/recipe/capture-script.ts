import type { Places } from './scripts.ts'
import { quoted } from './shell-words.ts'

/** What the stand-in runs: $1 is how it was called, the rest are the arguments of java. */
export function captureScript({ helper }: Pick<Places, 'helper'>): string {
  return `#!/bin/sh
. ${quoted(`${helper}/settings`)}
shift
pass_through() { exec "$home/bin/java" "$@"; }
[ -e "$run/capturing" ] || pass_through "$@"

# Questions about Java itself, and programs whose output the script reads, are answered by the real one.
main=no
value=no
for argument; do
  if [ "$value" = yes ]; then
    value=no
    continue
  fi
  case $argument in
  -version | --version | -fullversion | --full-version | -help | --help | '-?' | -h | -X | --help-extra | --list-modules | --dry-run) pass_through "$@" ;;
  ${WITH_VALUE}) value=yes ;;
  -jar | -m | --module | --module=*)
    main=yes
    break
    ;;
  -* | @*) ;;
  *)
    main=yes
    break
    ;;
  esac
done
[ "$main" = yes ] || pass_through "$@"
out=$(readlink "/proc/$$/fd/1")
case $out in
pipe:*)
  process=$$
  while :; do
    parent=
    while read -r key number; do
      [ "$key" != PPid: ] || parent=$number
    done <"/proc/$process/status"
    [ -n "$parent" ] && [ "$parent" -gt 1 ] || break
    if ls -l "/proc/$parent/fd" 2>/dev/null | grep -qF "$out"; then pass_through "$@"; fi
    process=$parent
  done
  ;;
esac

quote() {
  rest=$1
  printf "'"
  while :; do
    case $rest in
    *"'"*) printf "%s'\\\\''" "\${rest%%"'"*}" && rest=\${rest#*"'"} ;;
    *) break ;;
    esac
  done
  printf "%s'" "$rest"
}
note() { printf '%s\\n' "$1" >>"$run/notes"; }

# In MiB; empty: not known.
mebibytes() {
  case $1 in
  *[gG]) echo $((\${1%?} * 1024)) ;;
  *[mM]) echo $((\${1%?})) ;;
  *[kK]) echo $((\${1%?} / 1024)) ;;
  '' | *[!0-9]*) ;;
  *) echo $(($1 / 1048576)) ;;
  esac
}
memory_limit() {
  for file in \${LANDFALL_MEMORY_LIMIT_FILE:-/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes}; do
    [ -r "$file" ] || continue
    read -r bytes <"$file"
    case $bytes in '' | *[!0-9]* | ????????????????*) continue ;; esac
    mebibytes "$bytes"
    return
  done
}
# Options of the user are last, where java takes them instead of earlier ones. A first heap that is larger than the largest is an error of java.
further_options() {
  most=
  least_set=no
  percentage=no
  while IFS= read -r option || [ -n "$option" ]; do
    [ -n "$option" ] || continue
    printf ' '
    quote "$option"
    case $option in
    -Xmx*) most=$(mebibytes "\${option#-Xmx}") ;;
    -XX:MaxHeapSize=*) most=$(mebibytes "\${option#*=}") ;;
    -XX:MaxRAMPercentage=*) percentage=yes ;;
    -Xms* | -XX:InitialHeapSize=*) least_set=yes ;;
    esac
  done <"$run/jvm"
  has=
  least=
  for given; do
    case $given in
    -Xmx*) has=$(mebibytes "\${given#-Xmx}") ;;
    -XX:MaxHeapSize=*) has=$(mebibytes "\${given#*=}") ;;
    -Xms*) least=$(mebibytes "\${given#-Xms}") ;;
    esac
  done
  if [ -z "$most" ]; then
    limit=$(memory_limit)
    [ "$percentage" = no ] && [ -n "$limit" ] || return 0
    most=$((limit * 3 / 4))
    [ $((limit - 256)) -ge "$most" ] || most=$((limit - 256))
    [ $((limit / 2)) -le "$most" ] || most=$((limit / 2))
    if [ -n "$has" ]; then
      [ "$has" -gt "$most" ] || return 0
      note "the heap of the start script ($has MiB) does not fit into the memory limit ($limit MiB): -Xmx\${most}m"
    fi
    printf " '-Xmx%sm'" "$most"
  fi
  [ "$least_set" = yes ] || [ -z "$least" ] || [ "$least" -le "$most" ] || printf " '-Xms%sm'" "$most"
}

case \${JAVA_HOME:-} in "$here/home" | "$here/home/") JAVA_HOME=$home ;; esac
case \${JRE_HOME:-} in "$here/home" | "$here/home/") JRE_HOME=$home ;; esac
while :; do
  case ":$PATH:" in
  *":$here/home/bin:"*)
    path=":$PATH:"
    path="\${path%%":$here/home/bin:"*}:\${path#*":$here/home/bin:"}"
    path=\${path#:}
    PATH=\${path%:}
    ;;
  *) break ;;
  esac
done
before=
for descriptor in 1 2; do
  file=$(readlink "/proc/$$/fd/$descriptor")
  case $file in
  "$run/output" | "$before" | /dev/null | pipe:*) ;;
  /*) note "output that the start script redirects to $file is in the log of the container instead" ;;
  esac
  before=$file
done
# In a shell of its own: this process keeps the mark by which it is found and ended.
(
  unset LANDFALL_CAPTURE OLDPWD _
  export -p
  printf 'umask %s\\n' "$(umask)"
  printf 'ulimit -n %s 2>/dev/null\\n' "$(ulimit -n)"
  printf 'cd '
  quote "$(pwd -P)"
  printf ' || exit 1\\nexec '
  quote "$home/bin/java"
  main=no
  value=no
  for argument; do
    if [ "$main" = no ] && [ "$value" = no ]; then
      case $argument in
      ${WITH_VALUE}) value=next ;;
      -jar | -m | --module | --module=*) main=yes ;;
      -* | @*) ;;
      *) main=yes ;;
      esac
      [ "$main" = no ] || further_options "$@"
    fi
    printf ' '
    quote "$argument"
    case $value in next) value=yes ;; yes) value=no ;; esac
  done
  printf '\\n'
) >"$run/command.$$"
# Only the first program is kept; a script sees this one live, as it would see Java.
ln "$run/command.$$" "$run/command" 2>/dev/null || note "a second Java program was started, which does not run: $*"
exec sleep 3600
`
}

/** Options of java whose value is the next argument (https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html). */
const WITH_VALUE =
  '-cp | -classpath | --class-path | -p | --module-path | --upgrade-module-path | --add-modules | --limit-modules | --add-reads | --add-exports | --add-opens | --patch-module | --enable-native-access | --describe-module | -d'
