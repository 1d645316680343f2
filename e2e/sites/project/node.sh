# Starts when it has reached the hub, and serves what it knows of its site.
. /site.env
if [ "$KIND" = broken ]; then
  echo "the site is broken"
  exit 3
fi
sleep "$DELAY"
wget -q -O /dev/null http://hub:8090/ || exit 4
mkdir /tmp/www
cp /site.env /tmp/www/index.html
exec httpd -f -p 8060 -h /tmp/www
