// Command coredns answers the cluster's names: upstream's server with the plugins that one cluster needs.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
)

// A query passes the plugins in this order.
func init() {
	dnsserver.Directives = []string{"bind", "errors", "cache", "loadbalance", "kubernetes", "forward"}
}

func main() { coremain.Run() }
