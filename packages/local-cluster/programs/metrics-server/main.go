// Command metrics-server serves metrics.k8s.io: upstream's server, unchanged.
package main

import (
	"os"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/logs"
	"sigs.k8s.io/metrics-server/cmd/metrics-server/app"
)

func main() {
	logs.InitLogs()
	defer logs.FlushLogs()
	if app.NewMetricsServerCommand(genericapiserver.SetupSignalHandler()).Execute() != nil {
		os.Exit(1)
	}
}
