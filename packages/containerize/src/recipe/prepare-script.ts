import { quoted } from './shell-words.ts'

/** Seconds that one command may take: a build has no terminal to ask on, and some commands wait for ever. */
const PATIENCE = 600

/** What the image has to be for the last check: where the program is, how it starts, and the commands. */
export interface Preparation {
  /** The directory of the program. */
  program: string
  /** The start script and its arguments; its path is relative to `program`. */
  start: readonly string[]
  /** Commands of the shell, in their order. */
  prepare: readonly string[]
}

/**
 * Runs once, when the image is built, as the user of the program and in its directory; its own failure is that of the build. Commands
 * are not printed: they may hold passwords, and their place in landfall.yaml names them.
 */
export function prepareScript({ program, start, prepare }: Preparation): string {
  const [script = ''] = start
  return `#!/bin/sh
set -u
fail() {
  printf 'landfall: %s\\n' "$*" >&2
  exit 1
}
limited() { if command -v timeout >/dev/null; then timeout ${PATIENCE} "$@"; else "$@"; fi; }
step() {
  place="prepare[$1] in landfall.yaml"
  limited /bin/sh -e -c "$2" </dev/null
  code=$?
  [ "$code" -ne 124 ] || fail "$place did not end in ${PATIENCE} seconds; it may wait for an input, which is not possible in a build"
  [ "$code" -eq 0 ] || fail "$place ended with exit code $code"
}
cd ${quoted(program)} || exit 1
${prepare.map((command, index) => `step ${index} ${quoted(command)}`).join('\n')}
script=${quoted(script)}
[ -f "$script" ] || fail "there is no start script $script in the tarball or made by prepare in landfall.yaml"
[ -x "$script" ] || fail "the start script $script, which prepare in landfall.yaml has made, is not executable"
read -r first <"$script" || :
case $first in
'#!'*) ;;
*) fail "the start script $script, which prepare in landfall.yaml has made, does not begin with #!" ;;
esac
`
}
