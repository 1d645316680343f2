package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// role is a program told as data; role.schema.json and README.md describe every key.
type role struct {
	Role      string
	Container container
	Listeners map[string]*listener
	Steps     []*step
	Stop      stop
	Commands  map[string][]*step
}

// container is what the image starts: the words before those that a project may replace.
type container struct {
	Entrypoint []string
	Cmd        []string
}

// stop tells what SIGTERM does.
type stop struct {
	Ignore bool
	After  duration
	Exit   int
}

// step holds exactly one verb, and what happens when that fails.
type step struct {
	When      *condition
	Otherwise *[]*step

	Take      *duration
	Expect    *expectation
	Listen    string
	Publish   *publication
	Subscribe *subscription
	Every     *loop
	Set       map[string]string
	Add       map[string]int
	Write     *writing
	Chown     *chowning
	Say       string
	Deaf      string
	Exit      *int
}

// expectation is a list of effects that must hold one after another.
type expectation struct {
	Of     []*effect
	Within duration
	Tries  int
	Every  duration
}

// effect is one thing that can be observed, or a request whose answer is the observation.
type effect struct {
	HTTP   string
	Method string
	Send   string
	Status int
	Body   string
	TCP    string
	DNS    string
	File   string
	// Into names the state that the answer to a request becomes.
	Into string

	Otherwise *[]*step
}

// condition holds when the named value is, or has reached, what is asked.
type condition struct {
	State string
	Env   string
	// Argument is one with which the program was started.
	Argument string
	Not      bool
	Is       *string
	IsNot    *string
	AtLeast  *int
}

type publication struct {
	To   string
	Line string
}

type subscription struct {
	To string
	Do []*step
}

type loop struct {
	Interval duration
	Do       []*step
}

type writing struct {
	Path    string
	Content string
	Append  bool
}

type chowning struct {
	Path string
	UID  int
	GID  int
}

// listener is a port: one of HTTP, TCP, UDP and Stream is its number.
type listener struct {
	HTTP   int
	TCP    int
	UDP    int
	Stream int

	Host     string
	Resolver string
	Greeting string
	Routes   []*route
}

// route answers requests whose path and method fit and whose condition holds; the first one of a list wins.
type route struct {
	Path    string
	Method  string
	When    *condition
	Do      []*step
	After   duration
	Status  int
	Type    string
	Body    string
	Handler string
	// Keep is the file in which what a handler stores outlives the process.
	Keep string
	// Definitions is the directory that a service catalog reads services from when its listener opens.
	Definitions string
}

// duration is written as Go writes it: 2s, 500ms, 1m30s.
type duration time.Duration

func (d *duration) UnmarshalJSON(text []byte) error {
	var written string
	if err := json.Unmarshal(text, &written); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(written)
	*d = duration(parsed)
	return err
}

// readRole reads a role as the loader bakes it into an image; the keys that are for the loader alone are skipped.
func readRole(file string) (*role, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	played := role{Stop: stop{Exit: 143}}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&played); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &played, nil
}
