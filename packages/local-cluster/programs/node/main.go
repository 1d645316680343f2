// Command node gives a cluster's node a machine of its own, made of Linux namespaces.
//
//	node boot SPEC   on the host: starts the node, joins it to the network, prints the process id of its init
//	node init SPEC   in the node, started by boot: process 1, which mounts, configures and keeps the programs running
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Spec describes one node; it is written by the code that assembles the cluster.
type Spec struct {
	Name string `json:"name"`
	// Cgroups are the directories whose cgroup.procs the node joins.
	Cgroups []string `json:"cgroups"`
	// Disk holds what survives a power-off: the node's own /var and /tmp.
	Disk string `json:"disk"`
	// Keep lists directories of the host that stay visible though they lie under /var or /tmp.
	Keep []string `json:"keep"`
	// ResolvConf is a file that takes the place of /etc/resolv.conf.
	ResolvConf string `json:"resolvConf"`
	// Sysctls are written in the node's network namespace: path under /proc/sys to value.
	Sysctls map[string]string `json:"sysctls"`
	// HostNetwork and NodeNetwork are commands for `ip`, one a line; {pid} is the node's init.
	HostNetwork []string  `json:"hostNetwork"`
	NodeNetwork []string  `json:"nodeNetwork"`
	Programs    []Program `json:"programs"`
}

// Program is started when all that it waits for answers, in the order of the list, and again whenever it ends.
type Program struct {
	Name string `json:"name"`
	// WaitFor lists addresses as "unix:/path" or "tcp:host:port".
	WaitFor []string          `json:"waitFor"`
	Command []string          `json:"command"`
	Env     map[string]string `json:"env"`
	Log     string            `json:"log"`
	// Once marks a program that has to end with exit code 0 before the next one starts.
	Once bool `json:"once"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: node boot|init SPEC")
		os.Exit(2)
	}
	var spec Spec
	text, err := os.ReadFile(os.Args[2])
	if err == nil {
		err = json.Unmarshal(text, &spec)
	}
	if err == nil {
		switch os.Args[1] {
		case "boot":
			err = boot(spec, os.Args[2])
		case "init":
			err = initialize(spec)
		default:
			err = fmt.Errorf("no command %q", os.Args[1])
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "node:", err)
		os.Exit(1)
	}
}
