module landfall.dev/e2e/hello

go 1.24
