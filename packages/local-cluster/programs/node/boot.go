package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// boot starts the node's init in namespaces of its own. Init waits until its end of the network cable is there.
func boot(spec Spec, file string) error {
	for _, directory := range spec.Cgroups {
		if err := os.WriteFile(filepath.Join(directory, "cgroup.procs"), []byte(strconv.Itoa(os.Getpid())), 0); err != nil {
			return err
		}
	}
	ready, release, err := os.Pipe()
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(filepath.Dir(file), "init.log"))
	if err != nil {
		return err
	}
	node := exec.Command("/proc/self/exe", "init", file)
	node.Stdin, node.Stdout, node.Stderr = ready, log, log
	node.SysProcAttr = &syscall.SysProcAttr{
		Setsid: true,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET |
			syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
	}
	if err := node.Start(); err != nil {
		return err
	}
	pid := strconv.Itoa(node.Process.Pid)
	if err := ip(spec.HostNetwork, pid); err != nil {
		node.Process.Kill()
		return err
	}
	if _, err := release.Write([]byte("\n")); err != nil {
		return err
	}
	fmt.Println(pid)
	return nil
}

// ip runs commands of iproute2, all in one process.
func ip(commands []string, pid string) error {
	batch := strings.ReplaceAll(strings.Join(commands, "\n"), "{pid}", pid) + "\n"
	var said bytes.Buffer
	command := exec.Command("ip", "-batch", "-")
	command.Stdin, command.Stderr = strings.NewReader(batch), &said
	if err := command.Run(); err != nil {
		return fmt.Errorf("ip -batch: %w: %s", err, said.String())
	}
	return nil
}
