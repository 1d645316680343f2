/**
 * Copies the content of directories of the image into volumes that are new, with owners and modes, as Docker does when
 * it first mounts a volume. Arguments: pairs of image path and volume path. Runs under a static busybox, whose applets
 * are called by its path, because the image may have no programs at all. A copy that was cut off is done again. What a
 * new file system keeps for itself goes: a database does not begin in a directory that is not empty.
 */
export const SEED_SCRIPT = `set -e
busybox=/landfall-seed/busybox
while [ $# -gt 0 ]; do
  from=$1 to=$2 mark=$2/.landfall-seeding
  shift 2
  if [ ! -e "$mark" ] && [ -n "$($busybox ls -A "$to" | $busybox grep -vx lost+found)" ]; then continue; fi
  $busybox rmdir "$to/lost+found" 2> /dev/null || true
  [ -d "$from" ] || continue
  $busybox touch "$mark"
  $busybox cp -a "$from/." "$to/"
  $busybox chown "$($busybox stat -c %u:%g "$from")" "$to"
  $busybox chmod "$($busybox stat -c %a "$from")" "$to"
  $busybox rm "$mark"
done
`
