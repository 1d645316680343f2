package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// ownAddress resolves the name that a listener binds to.
func ownAddress(name, resolver string) (netip.Addr, error) {
	if address, err := netip.ParseAddr(name); err == nil {
		return address, nil
	}
	bounded, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if resolver == "go-1.15" && asksDNSFirst() {
		if address, err := lookUpInDNS(bounded, name); err == nil {
			return address, nil
		}
	}
	return firstAddress(bounded, name)
}

// asksDNSFirst tells the order of Go before 1.16: without /etc/nsswitch.conf it took glibc's old default, DNS before
// /etc/hosts; GODEBUG=netdns=cgo made it ask the files first.
func asksDNSFirst() bool {
	if strings.Contains(os.Getenv("GODEBUG"), "netdns=cgo") {
		return false
	}
	text, err := os.ReadFile("/etc/nsswitch.conf")
	return err != nil || namesDNSFirst(string(text))
}

func namesDNSFirst(nsswitch string) bool {
	for line := range strings.Lines(nsswitch) {
		sources, isHosts := strings.CutPrefix(strings.TrimSpace(line), "hosts:")
		if !isHosts {
			continue
		}
		order := strings.Fields(sources)
		dns, files := slices.Index(order, "dns"), slices.Index(order, "files")
		return dns >= 0 && (files < 0 || dns < files)
	}
	return true
}

// lookUpInDNS resolves a short name through the search list of /etc/resolv.conf only. Absolute names pass
// /etc/hosts by, which holds the short one.
func lookUpInDNS(bounded context.Context, name string) (netip.Addr, error) {
	text, err := os.ReadFile("/etc/resolv.conf")
	if err != nil {
		return netip.Addr{}, err
	}
	for line := range strings.Lines(string(text)) {
		domains, isSearch := strings.CutPrefix(strings.TrimSpace(line), "search")
		if !isSearch {
			continue
		}
		for _, domain := range strings.Fields(domains) {
			absolute := name + "." + strings.TrimSuffix(domain, ".") + "."
			if address, err := firstAddress(bounded, absolute); err == nil {
				return address, nil
			}
		}
	}
	return netip.Addr{}, fmt.Errorf("no such host %s in DNS", name)
}

func firstAddress(bounded context.Context, name string) (netip.Addr, error) {
	addresses, err := net.DefaultResolver.LookupNetIP(bounded, "ip", name)
	if err != nil {
		return netip.Addr{}, err
	}
	for _, address := range addresses {
		if address.Unmap().Is4() {
			return address.Unmap(), nil
		}
	}
	return addresses[0], nil
}
