import { followScript } from './follow-script.ts'
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
  /** Commands that run when the image is built. */
  prepare?: readonly string[]
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
# Again, because a process may start another one in between.
stop_marked() {
  for round in 1 2 3 4 5; do
    environs=$(marked)
    [ -n "$environs" ] || return 0
    for environ in $environs; do
      number=\${environ#/proc/}
      kill -9 "\${number%/environ}" 2>/dev/null
    done
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
  unset LANDFALL_JVM LANDFALL_LOGS
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
# A script that goes on may start a second program, which would not run.
waited=0
read -r captured <"$run/process"
while [ "$shell" != "$captured" ] && [ "$waited" -lt 10 ] && [ ! -e "$run/second" ] && kill -0 "$shell" 2>/dev/null; do
  waited=$((waited + 1))
  sleep 0.1
done
kill -9 "$shell" 2>/dev/null
stop_marked
wait "$shell" 2>/dev/null
[ ! -e "$run/second" ] ||
  fail "$script started two Java programs, and a container runs one: the second is java $(cat "$run/second")"
rm -f "$run/capturing"
remove_pid_files after
[ ! -s "$run/output" ] || cat "$run/output"
if [ -s "$run/notes" ]; then
  while IFS= read -r note; do say "$note"; done <"$run/notes"
fi
[ -n "\${LANDFALL_LOGS:-}" ] || exec env -i /bin/sh "$run/command"
${followScript}`
}
