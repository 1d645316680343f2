# The image's user and directories.
groupadd -g 1000 zookeeper
useradd -u 1000 -g zookeeper -M -d /apache-zookeeper -s /bin/sh zookeeper
install -d -o zookeeper -g zookeeper /data /datalog /logs /apache-zookeeper
chown -R zookeeper:zookeeper /conf
