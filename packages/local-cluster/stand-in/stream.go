package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// stream sends each published line to every client that is connected at that moment; nothing is kept for later ones.
type stream struct {
	mutex   sync.Mutex
	clients map[net.Conn]bool
}

func (s *stream) accept(socket net.Listener) {
	for {
		client, err := socket.Accept()
		if err != nil {
			return
		}
		s.mutex.Lock()
		s.clients[client] = true
		s.mutex.Unlock()
	}
}

func (s *stream) send(line string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for client := range s.clients {
		client.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := fmt.Fprintln(client, line); err != nil {
			client.Close()
			delete(s.clients, client)
		}
	}
}

// publish sends a line on an open stream; without one it is lost.
func (p *player) publish(name, line string) {
	p.mutex.Lock()
	to := p.streams[name]
	p.mutex.Unlock()
	if to != nil {
		to.send(strings.ReplaceAll(line, "\n", " "))
	}
}

// subscribe connects to a stream of another program, again and again, and runs the steps for each line.
func (p *player) subscribe(told *subscription) {
	address := p.fill(told.To, nil)
	seen := ""
	for ; ; time.Sleep(time.Second) {
		connection, err := net.DialTimeout("tcp", address, attemptLimit)
		if err != nil {
			if plainly(err).Error() != seen {
				seen = plainly(err).Error()
				p.say("not subscribed to %s: %s", address, seen)
			}
			continue
		}
		seen = ""
		p.say("subscribed to %s", address)
		lines := bufio.NewScanner(connection)
		for lines.Scan() {
			p.run(told.Do, scope{"line": lines.Text()})
		}
		connection.Close()
		p.say("%s closed the stream", address)
	}
}
