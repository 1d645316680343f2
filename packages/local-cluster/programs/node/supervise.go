package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// children knows who waits for the end of which process.
type children struct {
	lock    sync.Mutex
	waiting map[int]chan syscall.WaitStatus
}

// supervise starts the programs and starts again those that end. It does not return.
func supervise(programs []Program) {
	all := &children{waiting: map[int]chan syscall.WaitStatus{}}
	go all.reap()
	for _, program := range programs {
		await(program.WaitFor)
		if program.Once {
			all.keepRunning(program)
		} else {
			go all.keepRunning(program)
		}
	}
	select {}
}

// keepRunning returns when a program that runs once has ended well.
func (c *children) keepRunning(program Program) {
	for {
		status, err := c.run(program)
		if program.Once && err == nil && status.ExitStatus() == 0 {
			return
		}
		fmt.Println(time.Now().UTC().Format(time.RFC3339), program.Name, "ended and is started again:", status.ExitStatus(), err)
		time.Sleep(time.Second)
		await(program.WaitFor)
	}
}

// run starts a program and waits for its end.
func (c *children) run(program Program) (syscall.WaitStatus, error) {
	log, err := os.OpenFile(program.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	env := environment(os.Environ(), program.Env)
	ended := make(chan syscall.WaitStatus, 1)
	// Locked, or the process could end before it is known who waits for it.
	c.lock.Lock()
	process, err := os.StartProcess(program.Command[0], program.Command, &os.ProcAttr{
		Env: env, Files: []*os.File{nil, log, log}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err == nil {
		c.waiting[process.Pid] = ended
	}
	c.lock.Unlock()
	log.Close()
	if err != nil {
		return 0, err
	}
	return <-ended, nil
}

// environment is the node's own with the variables of a program in place of those of the same name: of two, programs
// take the first.
func environment(own []string, more map[string]string) []string {
	env := []string{}
	for _, variable := range own {
		name, _, _ := strings.Cut(variable, "=")
		if _, replaced := more[name]; !replaced {
			env = append(env, variable)
		}
	}
	for name, value := range more {
		env = append(env, name+"="+value)
	}
	return env
}

// reap collects every process that ends in the node, the orphans of its pods as well.
func (c *children) reap() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCHLD)
	for range signals {
		for {
			var status syscall.WaitStatus
			// One signal may stand for several ended processes.
			pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
			if pid <= 0 || err != nil {
				break
			}
			c.lock.Lock()
			ended, ours := c.waiting[pid]
			delete(c.waiting, pid)
			c.lock.Unlock()
			if ours {
				ended <- status
			}
		}
	}
}

// await returns when all addresses ("unix:/path", "tcp:host:port") accept a connection.
func await(addresses []string) {
	for _, address := range addresses {
		network, place, _ := strings.Cut(address, ":")
		for {
			connection, err := net.DialTimeout(network, place, time.Second)
			if err == nil {
				connection.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}
