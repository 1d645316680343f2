package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// initialize is the node's process 1. It returns only with an error; its end is the node's power-off.
func initialize(spec Spec) error {
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		return fmt.Errorf("the network cable was not plugged in: %w", err)
	}
	if err := mounts(spec); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(spec.Name)); err != nil {
		return err
	}
	if err := ip(spec.NodeNetwork, ""); err != nil {
		return err
	}
	for name, value := range spec.Sysctls {
		if err := os.WriteFile(filepath.Join("/proc/sys", name), []byte(value), 0); err != nil {
			return err
		}
	}
	supervise(spec.Programs)
	return nil
}
