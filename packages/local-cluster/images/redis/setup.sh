# The image's numeric ids and its own data directory.
usermod -u 999 redis
groupmod -g 999 redis
install -d -o redis -g redis /data
rm -rf /var/lib/redis /var/log/redis /etc/redis /etc/init.d/redis-server
