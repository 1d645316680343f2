#!/bin/bash
# zkServer.sh start-foreground|status: the server, or what it says of itself.
java=/usr/share/java
jars=$java/zookeeper.jar:$java/slf4j-log4j12.jar:$java/log4j-1.2.jar
set -e
conf=${ZOOCFGDIR:-/conf}
case "${1-}" in
  start-foreground)
    # shellcheck disable=SC2086 # options
    exec java -cp "$conf:$jars" -Dzookeeper.log.dir="${ZOO_LOG_DIR:-/logs}" \
      -Xmx"${ZK_SERVER_HEAP:-1000}m" ${SERVER_JVMFLAGS-} ${JVMFLAGS-} \
      org.apache.zookeeper.server.quorum.QuorumPeerMain "${2:-$conf/zoo.cfg}"
    ;;
  status)
    exec java -cp "$conf:$jars" org.apache.zookeeper.client.FourLetterWordMain localhost 2181 srvr
    ;;
  *)
    echo "Usage: $0 {start-foreground|status} [file]" >&2
    exit 1
    ;;
esac
