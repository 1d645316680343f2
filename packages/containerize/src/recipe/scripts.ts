import { quoted } from './shell-words.ts'

/** Where the scripts are and what they start; absolute paths of the container. */
export interface Places {
  /** The directory of the scripts. */
  helper: string
  /** The directory of the program. */
  program: string
  /** The start script and its arguments; its path is relative to `program`. */
  start: readonly string[]
  /** Whether the start script starts Java, which is captured; if not, it becomes process 1 itself. */
  capture: boolean
}

/** Seconds that a start script has to start Java. */
const PATIENCE = 60

/** The settings that the other scripts read. */
export function settingsScript({ helper, program, start, capture }: Places): string {
  const [script = '', ...rest] = start
  const words = [`./${script}`, ...rest].map(quoted).join(' ')
  return `here=${quoted(helper)}
run="$here/run"
program=${quoted(program)}
script=${quoted(start.join(' '))}
capture=${capture ? 'yes' : 'no'}
start_script() { exec ${words}; }
`
}

/** Runs when the image is built, as root: makes a Java directory whose bin/java is the stand-in. */
export function installScript({ helper }: Pick<Places, 'helper'>): string {
  return `#!/bin/sh
set -eu
. ${quoted(`${helper}/settings`)}
mkdir -p "$run"
chmod 1777 "$run"
[ "$capture" = yes ] || exit 0
if [ -x "\${JAVA_HOME:-/nowhere}/bin/java" ]; then java=$JAVA_HOME/bin/java; else java=$(command -v java || true); fi
if [ -z "$java" ]; then
  echo 'landfall: there is no java in the base image; set "java" or another "base"' >&2
  exit 1
fi
java=$(readlink -f "$java")
home=\${java%/bin/java}
case $(uname -m) in
x86_64) processor=amd64 ;;
aarch64 | arm64) processor=arm64 ;;
*)
  echo "landfall: there is no stand-in for java on $(uname -m)" >&2
  exit 1
  ;;
esac
mkdir -p "$here/home/bin"
for file in "$home"/* "$home"/bin/*; do
  name=\${file#"$home"/}
  case $name in bin | bin/java) continue ;; esac
  [ -e "$here/home/$name" ] || ln -s "$file" "$here/home/$name"
done
cp "$here/java-$processor" "$here/home/bin/java"
chmod 755 "$here/home/bin/java" "$here/start" "$here/capture"
printf "home='%s'\\n" "$home" >>"$here/settings"
`
}

/** Process 1: runs the start script until it starts Java, and becomes this Java. */
export function startScript({ helper }: Pick<Places, 'helper'>): string {
  return `#!/bin/sh
# Runs the start script of the program as it is, until it starts Java; then this process becomes that Java.
set -u
. ${quoted(`${helper}/settings`)}
say() { printf 'landfall: %s\\n' "$*" >&2; }
fail() {
  say "$1"
  if [ -s "$run/output" ]; then
    say "its output:"
    cat "$run/output" >&2
  fi
  stop_marked
  exit 1
}
marked() { grep -lF "LANDFALL_CAPTURE=$run" /proc/[0-9]*/environ 2>/dev/null; }
stop_marked() {
  for environ in $(marked); do
    number=\${environ#/proc/}
    kill -9 "\${number%/environ}" 2>/dev/null
  done
}
remove_pid_files() {
  find "$program" -name '*.pid' -type f 2>/dev/null | while IFS= read -r file; do
    case $(cat "$file") in *[!0-9[:space:]]*) continue ;; esac
    rm -f "$file" && [ "$1" = before ] && say "removed $file, which an earlier process left"
  done
}
cd "$program" || exit 1
if [ "$capture" = no ]; then
  remove_pid_files before
  start_script
fi
if ! rm -rf "$run"/* 2>/dev/null || ! : >"$run/capturing"; then
  say "$run is not writable: the start script needs it"
  exit 1
fi
remove_pid_files before
printf '%s' "\${LANDFALL_JVM:-}" >"$run/jvm"
(
  unset LANDFALL_JVM
  export LANDFALL_CAPTURE="$run" JAVA_HOME="$here/home" PATH="$here/home/bin:$PATH"
  [ -z "\${JRE_HOME:-}" ] || export JRE_HOME="$here/home"
  start_script
) </dev/null >"$run/output" 2>&1 &
shell=$!
limit=\${LANDFALL_START_SECONDS:-${PATIENCE}}
waited=0
while [ ! -e "$run/command" ]; do
  if ! kill -0 "$shell" 2>/dev/null && [ -z "$(marked)" ] && [ ! -e "$run/command" ]; then
    wait "$shell"
    fail "$script ended with exit code $? and started no Java program"
  fi
  [ "$waited" -lt $((limit * 10)) ] ||
    fail "$script started no Java program in $limit seconds; it may wait for an input, which is not possible in a container"
  waited=$((waited + 1))
  sleep 0.1
done
stop_marked
wait "$shell" 2>/dev/null
rm -f "$run/capturing"
remove_pid_files after
[ ! -s "$run/output" ] || cat "$run/output"
if [ -s "$run/notes" ]; then
  while IFS= read -r note; do say "$note"; done <"$run/notes"
fi
exec env -i /bin/sh "$run/command"
`
}

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
unset LANDFALL_CAPTURE OLDPWD
before=
for descriptor in 1 2; do
  file=$(readlink "/proc/$$/fd/$descriptor")
  case $file in
  "$run/output" | "$before" | /dev/null | pipe:*) ;;
  /*) note "output that the start script redirects to $file is in the log of the container instead" ;;
  esac
  before=$file
done
{
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
} >"$run/command.$$"
# Only the first program is kept; a script sees this one live, as it would see Java.
ln "$run/command.$$" "$run/command" 2>/dev/null || note "a second Java program was started, which does not run: $*"
exec sleep 3600
`
}

/** Options of java whose value is the next argument (https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html). */
const WITH_VALUE =
  '-cp | -classpath | --class-path | -p | --module-path | --upgrade-module-path | --add-modules | --limit-modules | --add-reads | --add-exports | --add-opens | --patch-module | --enable-native-access | --describe-module | -d'
