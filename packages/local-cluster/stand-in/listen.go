package main

import (
	"fmt"
	"io"
	"net"
	"net/netip"
)

// listen opens a listener of the role; one that is open already stays as it is.
func (p *player) listen(name string) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.open[name] {
		return nil
	}
	told, known := p.role.Listeners[name]
	if !known {
		return fmt.Errorf("the role has no listener of that name")
	}
	address := netip.IPv4Unspecified()
	if told.Host != "" {
		resolved, err := ownAddress(p.fill(told.Host, nil), told.Resolver)
		if err != nil {
			return err
		}
		address = resolved
	}
	if told.UDP != 0 {
		if err := p.openUDP(told, address); err != nil {
			return err
		}
	} else if err := p.openTCP(name, told, address); err != nil {
		return err
	}
	p.open[name] = true
	return nil
}

func (p *player) openTCP(name string, told *listener, address netip.Addr) error {
	port := told.HTTP + told.TCP + told.Stream
	socket, err := net.Listen("tcp", netip.AddrPortFrom(address, uint16(port)).String())
	if err != nil {
		return err
	}
	p.say("listening on %s (%s)", socket.Addr(), name)
	switch {
	case told.HTTP != 0:
		go p.serveHTTP(name, told, socket)
	case told.Stream != 0:
		p.streams[name] = &stream{clients: map[net.Conn]bool{}}
		go p.streams[name].accept(socket)
	default:
		go p.serveTCP(told, socket)
	}
	return nil
}

// serveTCP greets each client and then listens to it until it goes.
func (p *player) serveTCP(told *listener, socket net.Listener) {
	for {
		client, err := socket.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			if told.Greeting != "" {
				fmt.Fprintln(client, p.fill(told.Greeting, nil))
			}
			io.Copy(io.Discard, client)
		}()
	}
}

// openUDP answers each datagram with the greeting.
func (p *player) openUDP(told *listener, address netip.Addr) error {
	socket, err := net.ListenPacket("udp", netip.AddrPortFrom(address, uint16(told.UDP)).String())
	if err != nil {
		return err
	}
	p.say("listening on %s (udp)", socket.LocalAddr())
	go func() {
		buffer := make([]byte, 65536)
		for {
			_, sender, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			socket.WriteTo([]byte(p.fill(told.Greeting, nil)), sender)
		}
	}()
	return nil
}
