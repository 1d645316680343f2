module landfall.dev/local-cluster/certificates

go 1.24.0
