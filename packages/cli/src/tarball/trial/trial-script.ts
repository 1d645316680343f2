/** What separates two readings of sockets; the program cannot write it, because it does not have the descriptor. */
export const READING = '-- reading --'

/** The exit code if the time is over while the program may still be starting. */
const UNSETTLED = 3

/**
 * Runs in namespaces of its own, as the first process in them: all others end with it. It makes a root directory of the programs of this
 * machine, which cannot be written, and the files of the tarball, and starts the program there; without a network, the files of the user and
 * their variables. Arguments: the directory of the trial with `small` and `large`, the name of the service, the directory of Java or "",
 * the seconds that it may take, the commands that prepare the program, the command that starts it, and the user it runs as or "".
 * Descriptor 3 gets the sockets, twice a second.
 */
export const trialScript = `set -eu
work=$1 service=$2 java=$3 seconds=$4 prepare=$5 start=$6 user=$7
root=$work/root
program=/opt/$service
mount --make-rprivate /
mkdir -p "$root$program" "$root/proc" "$root/dev/shm" "$root/tmp" "$root/run" "$root/var/tmp" "$root/var/log"
ln -s ../run "$root/var/run"
chmod 1777 "$root/tmp" "$root/run" "$root/var/tmp" "$root/var/log" "$root/dev/shm"
shared() {
  if [ -L "$1" ]; then ln -s "$(readlink "$1")" "$root$1"
  elif [ -d "$1" ]; then
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
    mount -o remount,bind,ro,nosuid "$root$1" 2>/dev/null || :
  fi
}
for name in /bin /sbin /lib /lib32 /lib64 /usr /etc; do shared "$name"; done
case $java in '' | /usr/* | /lib/*) ;; *) shared "$java" ;; esac
mount -t proc proc "$root/proc"
for name in null zero full random urandom tty; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"
! command -v ip >/dev/null || ip link set lo up 2>/dev/null || :
for layer in large small; do
  [ ! -d "$work/$layer" ] || cp -a "$work/$layer/." "$root$program/"
done
[ -z "$user" ] || chown -R "$user:$user" "$root$program"
inside() {
  chroot \${user:+--userspec="$user:$user"} "$root" /usr/bin/env -i PATH="\${java:+$java/bin:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME="$program" \${java:+JAVA_HOME="$java"} LANG=C.UTF-8 /bin/sh -c "cd '$program' && $1" </dev/null 3>&-
}
if [ -n "$prepare" ]; then inside "$prepare" || { echo "the commands of prepare ended with exit code $?"; exit 1; }; fi
inside "exec $start" &
rounds=0
stable=0
before=
while [ "$rounds" -lt $((seconds * 2)) ] && [ "$stable" -lt 20 ]; do
  sleep 0.5
  rounds=$((rounds + 1))
  echo '${READING}' >&3
  now=$(cat "$root/proc/net/tcp" "$root/proc/net/tcp6" 2>/dev/null | grep ' 0A ' || :)
  printf '%s\\n' "$now" >&3
  ports=$(printf '%s\\n' "$now" | cut -c1-45)
  others=0
  busy=no
  for process in "$root"/proc/[0-9]*; do
    [ "\${process##*/}" != 1 ] || continue
    state=
    while read -r key value rest; do
      if [ "$key" = State: ]; then state=$value; fi
    done 2>/dev/null <"$process/status" || :
    case $state in '' | Z) continue ;; esac
    others=$((others + 1))
    # Runs, waits for a processor or for a disk: it may still be starting.
    for thread in "$process"/task/*/stat; do
      line=
      read -r line 2>/dev/null <"$thread" || :
      case \${line##*) } in R* | D*) busy=yes ;; esac
    done
  done
  if [ "$others" -eq 0 ]; then
    echo '${READING}' >&3
    exit 0
  fi
  if [ "$ports" != "$before" ]; then stable=0; elif [ -n "$now" ] && [ "$busy" = no ]; then stable=$((stable + 1)); fi
  before=$ports
done
[ "$stable" -ge 20 ] || exit ${UNSETTLED}
`
