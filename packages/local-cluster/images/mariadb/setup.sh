# The image's numeric ids, no data yet, the socket where clients of the image look for it, and the programs' old names.
usermod -u 999 mysql
groupmod -g 999 mysql
rm -rf /var/lib/mysql /var/log/mysql /etc/init.d/mariadb /etc/mysql/debian.cnf /etc/mysql/debian-start
install -d -o mysql -g mysql -m 750 /var/lib/mysql
install -d /docker-entrypoint-initdb.d
sed -i '/^bind-address/d; /^expire_logs_days/d; /^log_error/d; /^collation-server/d' /etc/mysql/mariadb.conf.d/50-server.cnf
ln -s mariadb-install-db /usr/bin/mysql_install_db 2> /dev/null || true
ln -s /usr/sbin/mariadbd /usr/local/bin/mysqld
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
