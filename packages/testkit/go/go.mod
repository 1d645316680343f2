module landfall/testkit

go 1.24

require (
	github.com/docker/go-units v0.5.0
	github.com/xhit/go-str2duration/v2 v2.1.0
)
