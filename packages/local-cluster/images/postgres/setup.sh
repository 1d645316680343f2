# $1 is the major version: its programs go where PATH finds them, under the image's numeric ids.
server=/usr/lib/postgresql/$1
ln -s "$server"/bin/* /usr/local/bin/
usermod -u 999 -d /var/lib/postgresql postgres
groupmod -g 999 postgres
rm -rf /var/lib/postgresql /var/log/postgresql /etc/postgresql
install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
chown postgres:postgres /var/lib/postgresql
install -d /docker-entrypoint-initdb.d
# New databases listen for other hosts.
sed -i "s/^#listen_addresses = 'localhost'/listen_addresses = '*'/" "/usr/share/postgresql/$1/postgresql.conf.sample"
localedef -i en_US -c -f UTF-8 -A /etc/locale.alias en_US.UTF-8
rm -rf /usr/share/i18n
# Queries run without just-in-time compilation, as they do wherever this optional module is not installed:
# it and its compiler would be two thirds of the image.
rm -rf "$server"/lib/llvmjit* "$server"/lib/bitcode /usr/lib/llvm-* /usr/lib/*/libLLVM*
# A key pair that the packages made for this machine.
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
find /etc/ssl/certs -xtype l -delete
# What the installer asked about, without the name of its scratch file.
sed -i 's|/tmp/postgresql-common\.[A-Za-z0-9]*|/tmp/postgresql-common|' /var/cache/debconf/config.dat
