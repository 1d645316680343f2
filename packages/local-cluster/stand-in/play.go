package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// player plays one role in one process.
type player struct {
	role    *role
	state   *state
	started time.Time

	mutex       sync.Mutex
	streams     map[string]*stream
	open        map[string]bool
	collections map[string]*collection
	keyValues   *keyValues
	catalog     *catalog
}

func newPlayer(played *role) *player {
	return &player{
		role:        played,
		state:       &state{values: map[string]string{}},
		started:     time.Now(),
		streams:     map[string]*stream{},
		open:        map[string]bool{},
		collections: map[string]*collection{},
		keyValues:   &keyValues{entries: map[string]keyValue{}},
		catalog:     &catalog{services: map[string]*catalogService{}},
	}
}

// say prints one line with the seconds since the start, as programs log to standard output.
func (p *player) say(format string, arguments ...any) {
	elapsed := time.Since(p.started).Seconds()
	fmt.Printf("%8.3fs %s: %s\n", elapsed, p.role.Role, fmt.Sprintf(format, arguments...))
}

// main plays the role until it exits or is killed.
func (p *player) main() {
	p.say("stand-in started as %s", strings.Join(os.Args, " "))
	p.obeySignals()
	if p.run(p.role.Steps, scope{}) == proceed {
		p.say("nothing more to do; stays alive")
	}
	select {}
}

// command plays the steps of one of the role's commands and ends the process.
func (p *player) command(steps []*step) {
	if p.run(steps, scope{}) == proceed {
		os.Exit(0)
	}
	select {}
}

func (p *player) obeySignals() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for received := range signals {
			if p.role.Stop.Ignore {
				p.say("%s ignored", received)
				continue
			}
			p.say("%s received; exits with %d", received, p.role.Stop.Exit)
			time.Sleep(time.Duration(p.role.Stop.After))
			os.Exit(p.role.Stop.Exit)
		}
	}()
}

// outcome of a sequence: deaf ends it, and the process stays alive.
type outcome int

const (
	proceed outcome = iota
	deaf
)

func (p *player) run(steps []*step, within scope) outcome {
	for _, next := range steps {
		if !p.holds(next.When) {
			continue
		}
		if p.runStep(next, within) == deaf {
			return deaf
		}
	}
	return proceed
}

func (p *player) runStep(next *step, within scope) outcome {
	switch {
	case next.Take != nil:
		time.Sleep(time.Duration(*next.Take))
	case next.Expect != nil:
		return p.expect(next.Expect, next.Otherwise, within)
	case next.Listen != "":
		if err := p.listen(next.Listen); err != nil {
			p.say("cannot listen (%s): %v", next.Listen, err)
			return p.fail(next.Otherwise, within)
		}
	case next.Publish != nil:
		p.publish(next.Publish.To, p.fill(next.Publish.Line, within))
	case next.Subscribe != nil:
		go p.subscribe(next.Subscribe)
	case next.Every != nil:
		go p.repeat(next.Every)
	case next.Set != nil:
		for name, value := range next.Set {
			p.state.set(name, p.fill(value, within))
		}
	case next.Add != nil:
		for name, amount := range next.Add {
			p.state.add(name, amount)
		}
	case next.Write != nil:
		if err := write(next.Write, p.fill(next.Write.Content, within)); err != nil {
			p.say("cannot write: %v", err)
			return p.fail(next.Otherwise, within)
		}
		p.say("wrote %s", next.Write.Path)
	case next.Chown != nil:
		if err := os.Chown(next.Chown.Path, next.Chown.UID, next.Chown.GID); err != nil {
			p.say("cannot change the owner: %v", err)
			return p.fail(next.Otherwise, within)
		}
	case next.Say != "":
		p.say("%s", p.fill(next.Say, within))
	case next.Deaf != "":
		p.say("deaf: %s", p.fill(next.Deaf, within))
		return deaf
	case next.Exit != nil:
		p.say("exits with %d", *next.Exit)
		os.Exit(*next.Exit)
	}
	return proceed
}

// fail runs what a role says for a failed step; a role that says nothing exits with 1.
func (p *player) fail(otherwise *[]*step, within scope) outcome {
	if otherwise == nil {
		p.say("exits with 1")
		os.Exit(1)
	}
	return p.run(*otherwise, within)
}

func (p *player) repeat(every *loop) {
	for {
		time.Sleep(time.Duration(every.Interval))
		if p.run(every.Do, scope{}) == deaf {
			return
		}
	}
}

func write(told *writing, content string) error {
	if err := os.MkdirAll(filepath.Dir(told.Path), 0o755); err != nil {
		return err
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if told.Append {
		flags = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	file, err := os.OpenFile(told.Path, flags, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(content)
	return err
}
