module landfall.dev/local-cluster/node

go 1.24.0
