# The user of the image, logs where a container's logs are looked for, and the directory that the image writes to.
groupadd -g 101 nginx
useradd -u 101 -g nginx -M -d /nonexistent -s /bin/false nginx
rm -rf /etc/nginx/sites-enabled /etc/nginx/sites-available /var/www/html /var/log/nginx /var/lib/nginx /etc/init.d/nginx
rm -f /usr/share/nginx/html/index.nginx-debian.html
install -d /var/log/nginx /etc/nginx/templates
ln -s /dev/stdout /var/log/nginx/access.log
ln -s /dev/stderr /var/log/nginx/error.log
install -d /var/cache/nginx
ln -s /var/cache/nginx /var/lib/nginx
ln -s /usr/lib/nginx/modules /etc/nginx/modules
