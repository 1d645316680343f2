#!/bin/bash
# The command line client of ZooKeeper.
java=/usr/share/java
jars=$java/zookeeper.jar:$java/slf4j-log4j12.jar:$java/log4j-1.2.jar
# shellcheck disable=SC2086 # options
exec java -cp "${ZOOCFGDIR:-/conf}:$jars" ${CLIENT_JVMFLAGS-} ${JVMFLAGS-} \
  org.apache.zookeeper.ZooKeeperMain "$@"
