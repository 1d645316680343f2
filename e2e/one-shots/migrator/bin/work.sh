while sleep 1; do redis-cli -h db incr worked; done
