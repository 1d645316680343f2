# The image's numeric ids.
usermod -u 11211 memcache
groupmod -g 11211 memcache
rm -f /etc/init.d/memcached
