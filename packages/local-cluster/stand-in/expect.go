package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// attemptLimit bounds one look at an effect.
const attemptLimit = 2 * time.Second

// expect looks for the effects one after another; the time that is given is for all of them together.
func (p *player) expect(expected *expectation, otherwise *[]*step, within scope) outcome {
	begun := time.Now()
	pause := time.Second
	if expected.Every != 0 || expected.Tries > 1 {
		pause = time.Duration(expected.Every)
	}
	for _, asked := range expected.Of {
		err := p.observe(asked, expected, begun, pause, within)
		if err == nil {
			continue
		}
		handling := otherwise
		if asked.Otherwise != nil {
			handling = asked.Otherwise
		}
		if p.fail(handling, within) == deaf {
			return deaf
		}
	}
	return proceed
}

// observe looks for one effect until it holds, or the tries or the time are used up; it says when what it sees changes.
func (p *player) observe(asked *effect, expected *expectation, begun time.Time, pause time.Duration, within scope) error {
	limit := time.Duration(expected.Within)
	tries := max(expected.Tries, 1)
	told := ""
	for try := 1; ; try++ {
		err := p.attempt(asked, within)
		if err == nil {
			if told != "" {
				p.say("%s: is there now", p.name(asked, within))
			}
			return nil
		}
		over := time.Since(begun)+pause > limit
		if limit == 0 {
			over = try >= tries
		}
		if over {
			if try > 1 {
				err = fmt.Errorf("%w; gave up after %.0f s", err, time.Since(begun).Seconds())
			}
			p.say("%s: %v", p.name(asked, within), err)
			return err
		}
		if err.Error() != told {
			told = err.Error()
			p.say("waiting for %s: %s", p.name(asked, within), told)
		}
		time.Sleep(pause)
	}
}

func (p *player) name(asked *effect, within scope) string {
	switch {
	case asked.HTTP != "" && asked.Method != "":
		return asked.Method + " " + p.address(asked.HTTP, within)
	case asked.HTTP != "":
		return p.address(asked.HTTP, within)
	case asked.TCP != "":
		return p.fill(asked.TCP, within)
	case asked.DNS != "":
		return "the name " + p.fill(asked.DNS, within)
	default:
		return "the file " + p.fill(asked.File, within)
	}
}

// address is a URL with its values filled in; other schemes than https (consul://) are spoken as http.
func (p *player) address(text string, within scope) string {
	scheme, rest, found := strings.Cut(p.fill(text, within), "://")
	if found && scheme != "https" {
		return "http://" + rest
	}
	return scheme + "://" + rest
}

func (p *player) attempt(asked *effect, within scope) error {
	switch {
	case asked.HTTP != "":
		return p.attemptHTTP(asked, within)
	case asked.TCP != "":
		return attemptTCP(p.fill(asked.TCP, within), p.fill(asked.Body, within))
	case asked.DNS != "":
		bounded, cancel := context.WithTimeout(context.Background(), attemptLimit)
		defer cancel()
		_, err := net.DefaultResolver.LookupHost(bounded, p.fill(asked.DNS, within))
		return err
	default:
		_, err := os.Stat(p.fill(asked.File, within))
		return err
	}
}

// outward opens a connection for each request: a kept one would hide that a peer was replaced.
var outward = &http.Client{Timeout: attemptLimit, Transport: &http.Transport{DisableKeepAlives: true}}

func (p *player) attemptHTTP(asked *effect, within scope) error {
	method := asked.Method
	if method == "" {
		method = http.MethodGet
	}
	request, err := http.NewRequest(method, p.address(asked.HTTP, within), strings.NewReader(p.fill(asked.Send, within)))
	if err != nil {
		return err
	}
	answer, err := outward.Do(request)
	if err != nil {
		return plainly(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return plainly(err)
	}
	expected := answer.StatusCode == asked.Status || asked.Status == 0 && answer.StatusCode/100 == 2
	if !expected {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	if wanted := p.fill(asked.Body, within); !strings.Contains(string(body), wanted) {
		return fmt.Errorf("no %q in the answer", wanted)
	}
	if asked.Into != "" {
		p.state.set(asked.Into, string(body))
	}
	return nil
}

// attemptTCP connects, and reads the first line that comes if there is something to look for in it.
func attemptTCP(address, wanted string) error {
	connection, err := net.DialTimeout("tcp", address, attemptLimit)
	if err != nil {
		return plainly(err)
	}
	defer connection.Close()
	if wanted == "" {
		return nil
	}
	connection.SetReadDeadline(time.Now().Add(attemptLimit))
	said, _ := bufio.NewReader(connection).ReadString('\n')
	if !strings.Contains(said, wanted) {
		return fmt.Errorf("said %q, not %q", strings.TrimSpace(said), wanted)
	}
	return nil
}

// plainly is the innermost reason: "connection refused", without the request and the addresses around it.
func plainly(err error) error {
	for {
		inner, wraps := err.(interface{ Unwrap() error })
		if !wraps || inner.Unwrap() == nil {
			return err
		}
		err = inner.Unwrap()
	}
}
