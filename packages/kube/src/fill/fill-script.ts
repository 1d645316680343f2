import { DECIDE } from './decide.ts'
import { LOCK } from './lock.ts'

/**
 * The program that keeps a directory of a claim in step with the project, as package managers keep configuration files.
 * It needs sh (ash or dash) and awk, chmod, chown, cat, find, grep, mkdir, mv, rm, rmdir, sed, sha256sum, sleep, stat, sync,
 * tar, tr and xargs. The lists that it reads are described in `entries.ts`, the lines that it prints in `fill-line.ts`.
 *
 * Files are compared by SHA-256: what the project has, what was last written here, and what is there now. A new file is
 * completed and synchronized elsewhere on the same file system and then renamed, so that no program ever sees a part of it.
 * What is going to be written is noted before (`intent`), and what was written after it is on disk (`manifest`): an interrupted
 * run converges, also when the project has changed until it is repeated.
 */
export const FILL_SCRIPT: string = `# fill.sh VERB PLACE ID SCOPE SHOWN EXTRA...
#   fill    keeps SCOPE of the claim in step with the archive in files/PLACE; EXTRA is not used
#   await   waits until the tree with the digest EXTRA has been copied into SCOPE
#   need    reads the list of the project, prints "send PATH" for each file that is not here yet
#   receive reads a tar archive with such files
#   finish  writes what was received; the tree then has the digest EXTRA
# The claim of a step is mounted at volumes/PLACE. PATHs have backslashes and line feeds as \\\\ and \\n.
set -e
umask 0
LC_ALL=C
export LC_ALL
landfall=\${FILL_ROOT:-/landfall}

${LOCK}
# to_disk: what was written is there after a power cut
to_disk() { sync -f "$state" 2>/dev/null || sync; }

# raw PATH: sets raw to the path as it is on disk
raw() {
  case $1 in
    *\\\\*) raw=$(printf '%b.' "$1") && raw=\${raw%.} ;;
    *) raw=$1 ;;
  esac
}

# raws: paths as they are on disk, each ended by a NUL
raws() {
  while IFS= read -r line; do printf '%b\\0' "$line"; done
}

# look: prints, for each path of the list that exists, "d - PATH", "f HASH PATH", or "o - PATH" if it is something else
look() {
  grep -v '\\\\' >"$work/plain" <"$1" || :
  tr '\\n' '\\0' <"$work/plain" | xargs -0 -r sh -c 'find "$@" -prune' find 2>/dev/null | sed 's/^/o - /'
  tr '\\n' '\\0' <"$work/plain" | xargs -0 -r sh -c 'find "$@" -prune -type d' find 2>/dev/null | sed 's/^/d - /'
  tr '\\n' '\\0' <"$work/plain" | xargs -0 -r sh -c 'find "$@" -prune -type f -print0' find 2>/dev/null |
    xargs -0 -r sha256sum | sed 's/^\\([0-9a-f]*\\)  /f \\1 /'
  { grep '\\\\' "$1" || :; } | while IFS= read -r path; do
    raw "$path"
    if [ -L "$raw" ]; then printf 'o - %s\\n' "$path"
    elif [ -d "$raw" ]; then printf 'd - %s\\n' "$path"
    elif [ -f "$raw" ]; then
      sum=$(sha256sum <"$raw")
      printf 'f %s %s\\n' "\${sum%% *}" "$path"
    elif [ -e "$raw" ]; then printf 'o - %s\\n' "$path"
    fi
  done
}

DECIDE='${DECIDE}'

# decide: what is to be done for the list of the project in $1
decide() {
  rm -f "$work/again"
  for name in write replaced makedir remove rmdir next report; do : >"$work/$name"; done
  for name in manifest intent; do [ -e "$state/$id.$name" ] || : >"$state/$id.$name"; done
  top=$scope
  while [ "$top" != . ]; do
    printf '%s\\n' "$top"
    top=\${top%/*}
  done >"$work/top"
  { cat "$work/top" && sed 's/^[^ ]* [^ ]* [^ ]* [^ ]* //' "$1" "$state/$id.manifest" "$state/$id.intent"; } | sort -u >"$work/paths"
  look "$work/paths" >"$work/is"
  scope=$scope shown=$shown work=$work round=$round awk "$DECIDE" kind=want "$1" kind=had "$state/$id.manifest" \\
    kind=meant "$state/$id.intent" kind=all "$state"/*.manifest "$state"/*.intent kind=reset "$work/resets" kind=is "$work/is"
}

# make_directories: reads "MODE OWNER PATH" lines, parents first, and makes those with one mode together
make_directories() {
  mode=
  owner=
  set --
  while IFS= read -r line; do
    next_mode=\${line%% *}
    path=\${line#* }
    next_owner=\${path%% *}
    path=\${path#* }
    if [ $# -ge 100 ] || [ "$next_mode $next_owner" != "$mode $owner" ]; then
      make_some "$@"
      set --
      mode=$next_mode
      owner=$next_owner
    fi
    raw "$path"
    set -- "$@" "$raw"
  done
  make_some "$@"
}

make_some() {
  [ $# -eq 0 ] && return
  mkdir -p "$@"
  chmod "$mode" "$@"
  [ "$owner" = - ] || chown "$owner" "$@"
}

# move_all FROM: reads paths and renames the files of FROM to them, those of one directory together
move_all() {
  at=
  set -- "$1"
  while IFS= read -r path; do
    if [ $# -gt 100 ] || [ "\${path%/*}" != "$at" ]; then
      move_some "$@"
      set -- "$1"
      at=\${path%/*}
    fi
    raw "$path"
    set -- "$@" "$1/$raw"
  done
  move_some "$@"
}

move_some() {
  shift
  [ $# -eq 0 ] && return
  raw "$at"
  mv -f "$@" "$raw/"
}

# keep_owners FROM: what replaces a file gets the owner that the file has in the volume
keep_owners() {
  grep -v '\\\\' "$work/replaced" | tr '\\n' '\\0' | xargs -0 -r stat -c '%u:%g %n' | while IFS= read -r line; do
    [ "\${line%% *}" = 0:0 ] || chown "\${line%% *}" "$1/\${line#* }"
  done
}

# carry_out FROM LIST: does what was decided, with the files in FROM
carry_out() {
  raws <"$work/remove" | xargs -0 -r rm -f
  raws <"$work/rmdir" | xargs -0 -r rmdir 2>/dev/null || :
  make_directories <"$work/makedir"
  if [ -s "$work/write" ]; then
    sed -n 's/^f [^ ]* [^ ]* \\([0-9][^ ]*\\) .*/\\1/p' "$2" | sed 1q >"$work/owner"
    [ ! -s "$work/owner" ] || chown -R "$(cat "$work/owner")" "$1"
    keep_owners "$1"
    move_all "$1" <"$work/write"
  fi
}

# settle LIST COMMAND...: decides and carries out; COMMAND fills $from with the files, if some are written
settle() {
  list=$1
  shift
  decide "$list"
  changed=
  while :; do
    for kind in write remove rmdir makedir; do [ ! -s "$work/$kind" ] || changed=1; done
    if [ -s "$work/write" ]; then
      "$@"
      cat "$list" >>"$state/$id.intent"
      to_disk
    fi
    carry_out "$from" "$list"
    [ -e "$work/again" ] || break
    round=$((round + 1))
    decide "$list"
  done
  if [ -n "$changed" ] || [ "$(sha256sum <"$work/next")" != "$(sha256sum <"$state/$id.manifest")" ]; then
    to_disk
    mv -f "$work/next" "$state/$id.manifest"
  fi
  [ ! -s "$state/$id.intent" ] || : >"$state/$id.intent"
  while IFS= read -r line; do printf '%s %s\\n' "\${line%% *}" "$id"; done <"$work/resets" >>"$state/resets"
  cat "$work/report"
}

# begin: goes to the claim of the step, with an empty place for work
begin() {
  cd "$landfall/volumes/$place"
  state=./.landfall
  mkdir -p "$state"
  chmod 700 "$state"
  find "$state" -name 'work-*' -prune -mmin +60 -exec rm -rf {} + || :
  round=1
  work=$state/work-$(cat /proc/sys/kernel/random/uuid)
  mkdir "$work"
  lock
  upload=$state/$id.upload
  undone >"$work/resets"
}

end() {
  rm -rf "$work"
  unlock
}

# undone: prints the resets that this tree has not had
undone() {
  [ -e "$state/resets" ] || : >"$state/resets"
  printf '%s\\n' "\${LANDFALL_RESET_FILES:-}" | while IFS= read -r line; do
    [ -z "$line" ] || grep -qxF "\${line%% *} $id" "$state/resets" || printf '%s\\n' "$line"
  done
}

parts() { cat "$landfall/files/$place"/*.tar.gz.*; }

unpack() { [ -d "$from" ] || parts | tar xzf - -C "$work"; }

# fill: an earlier version marked a volume that it was filling; then what is there may be the beginning of a file
fill() {
  begin
  from=$work/tree
  parts | tar xzf - -C "$work" list
  raw "$scope"
  if [ -e "$raw/.landfall-filling" ]; then
    printf 'interrupted %s\\n' "$shown" >>"$work/resets"
    rm -f "$raw/.landfall-filling"
  fi
  settle "$work/list" unpack
  end
}

# await: no time limit
await() {
  cd "$landfall/volumes/$place"
  state=./.landfall
  mkdir -p "$state"
  told=
  until [ "$(cat "$state/$id.digest" 2>/dev/null)" = "$1" ] && [ -z "$(undone)" ]; do
    [ -n "$told" ] || echo "waiting for $shown: it is too large for objects, and landfall up copies it"
    told=yes
    sleep 1
  done
}

# missing: prints the paths that are to be written and have not been received whole
missing() {
  mkdir -p "$upload/tree"
  (cd "$upload/tree" && work=../../\${work##*/} && look "$work/write") >"$work/received"
  awk 'function tail(n,  s) { s = $0; while (n-- > 0) s = substr(s, index(s, " ") + 1); return s }
    kind == "want" { want[tail(4)] = $3; next }
    kind == "is" { is[tail(2)] = $2; next }
    is[$0] != want[$0]' kind=want "$1" kind=is "$work/received" kind=write "$work/write"
}

need() {
  begin
  mkdir -p "$upload"
  cat >"$work/list"
  mv -f "$work/list" "$upload/list"
  decide "$upload/list"
  missing "$upload/list" | sed 's/^/send /'
  end
  echo end
}

receive() {
  cd "$landfall/volumes/$place"
  mkdir -p "./.landfall/$id.upload/tree"
  tar xf - -C "./.landfall/$id.upload/tree"
  echo end
}

finish() {
  begin
  from=$upload/tree
  decide "$upload/list"
  if [ -n "$(missing "$upload/list")" ]; then
    end
    echo incomplete
    return
  fi
  settle "$upload/list" :
  to_disk
  printf '%s\\n' "$1" >"$state/$id.new"
  mv -f "$state/$id.new" "$state/$id.digest"
  rm -rf "$upload"
  end
  echo end
}

while [ $# -gt 0 ]; do
  verb=$1 place=$2 id=$3 scope=./$4 shown=$5
  case $verb in
    fill | await | need | receive | finish) "$verb" "$6" ;;
    *) echo "unknown step $verb" >&2; exit 1 ;;
  esac
  shift 6
done
`
