module landfall.dev/stand-in

go 1.24
