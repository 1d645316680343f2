# The program under the name that the image has for it, a shell with its tools, and certificates.
mv "$ROOT/usr/bin/docker-registry" "$ROOT/usr/bin/registry"
"$ROOT/usr/bin/busybox" --list | while read -r tool; do
  [ -e "$ROOT/usr/bin/$tool" ] || ln -s busybox "$ROOT/usr/bin/$tool"
done
install -d "$ROOT/etc/ssl/certs" "$ROOT/var/lib/registry"
for certificate in "$UNPACKED"/usr/share/ca-certificates/mozilla/*.crt; do cat "$certificate"; done > "$ROOT/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0:root:/root:/bin/sh\n' > "$ROOT/etc/passwd"
printf 'root:x:0:\n' > "$ROOT/etc/group"
