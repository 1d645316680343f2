# Certificates in one file, the shell's tools, and the user that the image runs as.
for certificate in "$UNPACKED"/usr/share/ca-certificates/mozilla/*.crt; do cat "$certificate"; done > "$ROOT/cacert.pem"
mkdir -p "$ROOT/etc/ssl/certs"
ln -s /cacert.pem "$ROOT/etc/ssl/certs/ca-certificates.crt"
"$ROOT/usr/bin/busybox" --list | while read -r tool; do
  [ -e "$ROOT/usr/bin/$tool" ] || ln -s busybox "$ROOT/usr/bin/$tool"
done
printf 'root:x:0:0:root:/root:/bin/sh\ncurl_user:x:100:101::/home/curl_user:/bin/sh\n' > "$ROOT/etc/passwd"
printf 'root:x:0:\ncurl_group:x:101:curl_user\n' > "$ROOT/etc/group"
echo 'hosts: files dns' > "$ROOT/etc/nsswitch.conf"
install -d -o 100 -g 101 -m 755 "$ROOT/home/curl_user"
