package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// state holds the named values of a role; a value that was never set is the empty text, and counts as 0.
type state struct {
	mutex  sync.Mutex
	values map[string]string
}

func (s *state) get(name string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.values[name]
}

func (s *state) set(name, value string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.values[name] = value
}

func (s *state) add(name string, amount int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	number, _ := strconv.Atoi(s.values[name])
	s.values[name] = strconv.Itoa(number + amount)
}

func (s *state) all() map[string]string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	copied := make(map[string]string, len(s.values))
	for name, value := range s.values {
		copied[name] = value
	}
	return copied
}

// scope holds the values that exist only while one request or one line is handled.
type scope map[string]string

var reference = regexp.MustCompile(`\$\{([A-Za-z_][\w.-]*)(:-[^}]*)?\}`)

// fill replaces ${name} and ${name:-default}: first from the scope, then state.* from the state, then the environment.
func (p *player) fill(text string, within scope) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		value := p.lookUp(parts[1], within)
		if value == "" && parts[2] != "" {
			return strings.TrimPrefix(parts[2], ":-")
		}
		return value
	})
}

func (p *player) lookUp(name string, within scope) string {
	if value, known := within[name]; known {
		return value
	}
	if named, isState := strings.CutPrefix(name, "state."); isState {
		return p.state.get(named)
	}
	if name == "hostname" {
		hostname, _ := os.Hostname()
		return hostname
	}
	return os.Getenv(name)
}

func (p *player) holds(asked *condition) bool {
	if asked == nil {
		return true
	}
	if asked.Argument != "" {
		return slices.Contains(os.Args[1:], asked.Argument) != asked.Not
	}
	value := os.Getenv(asked.Env)
	if asked.State != "" {
		value = p.state.get(asked.State)
	}
	if asked.Is != nil && value != *asked.Is {
		return false
	}
	if asked.IsNot != nil && value == *asked.IsNot {
		return false
	}
	if asked.AtLeast != nil {
		number, _ := strconv.Atoi(value)
		return number >= *asked.AtLeast
	}
	return true
}
