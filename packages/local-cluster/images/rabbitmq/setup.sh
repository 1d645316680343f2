# The image's numeric ids, its plugins, and a data directory without a cookie: each broker makes its own.
usermod -u 999 rabbitmq
groupmod -g 999 rabbitmq
rm -rf /var/lib/rabbitmq /var/log/rabbitmq /etc/init.d/rabbitmq-server
install -d -o rabbitmq -g rabbitmq -m 777 /var/lib/rabbitmq /var/log/rabbitmq
case "$1" in
  *-management) echo '[rabbitmq_management,rabbitmq_prometheus].' ;;
  *) echo '[rabbitmq_prometheus].' ;;
esac > /etc/rabbitmq/enabled_plugins
chown -R rabbitmq:rabbitmq /etc/rabbitmq
