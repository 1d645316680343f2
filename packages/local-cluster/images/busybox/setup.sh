# Every tool is a link to the one static program, and /bin holds them as in the original.
rm "$ROOT/bin"
mkdir "$ROOT/bin"
mv "$ROOT/usr/bin/busybox" "$ROOT/bin/busybox"
"$ROOT/bin/busybox" --list | while read -r tool; do
  [ -e "$ROOT/bin/$tool" ] || ln -s busybox "$ROOT/bin/$tool"
done
printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n' > "$ROOT/etc/passwd"
printf 'root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n' > "$ROOT/etc/group"
