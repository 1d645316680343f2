package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// catalog is a list of services with health checks in the shape of Consul's agent, in memory.
type catalog struct {
	mutex    sync.Mutex
	writing  sync.Mutex
	services map[string]*catalogService
}

type catalogService struct {
	ID      string
	Name    string
	Address string
	Port    int
	Check   *catalogCheck

	status string
	output string
	ended  chan struct{}
}

// catalogCheck is done by HTTP (any 2xx passes) or by a TCP connection, at once and then every interval.
type catalogCheck struct {
	HTTP     string
	TCP      string
	Interval string
}

// read registers the services that another process has kept in a file, if there is one.
func (c *catalog) read(p *player, file string) error {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil
	}
	kept := []*catalogService{}
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	for _, service := range kept {
		c.register(p, service)
	}
	return err
}

// write keeps the services in a file, whole or not at all.
func (c *catalog) write(file string) error {
	text, err := json.Marshal(c.find(func(*catalogService) bool { return true }))
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (c *catalog) answer(p *player, writer http.ResponseWriter, request *http.Request, body string) {
	path := request.URL.Path
	rest := func(stem string) string { return strings.TrimPrefix(path, stem) }
	switch {
	case path == "/v1/agent/service/register":
		var service catalogService
		if err := json.Unmarshal([]byte(body), &service); err != nil || service.Name == "" {
			http.Error(writer, "a service has a Name", http.StatusBadRequest)
			return
		}
		c.register(p, &service)
	case strings.HasPrefix(path, "/v1/agent/service/deregister/"):
		c.remove(p, rest("/v1/agent/service/deregister/"))
	case strings.HasPrefix(path, "/v1/health/service/"):
		name := rest("/v1/health/service/")
		passing := request.URL.Query().Has("passing")
		answerJSON(writer, described(c.find(func(service *catalogService) bool {
			return service.Name == name && (!passing || service.status == "passing")
		}), healthEntry))
	case strings.HasPrefix(path, "/v1/health/state/"):
		status := rest("/v1/health/state/")
		answerJSON(writer, described(c.find(func(service *catalogService) bool {
			return service.Check != nil && (status == "any" || service.status == status)
		}), checkEntry))
	case strings.HasPrefix(path, "/v1/catalog/service/"):
		name := rest("/v1/catalog/service/")
		answerJSON(writer, described(c.find(func(service *catalogService) bool { return service.Name == name }), nodeEntry))
	case path == "/v1/catalog/services":
		names := map[string][]string{}
		for _, service := range c.find(func(*catalogService) bool { return true }) {
			names[service.Name] = []string{}
		}
		answerJSON(writer, names)
	case path == "/v1/catalog/nodes":
		hostname, _ := os.Hostname()
		answerJSON(writer, []map[string]any{{"Node": hostname, "Address": "127.0.0.1", "Datacenter": "dc1"}})
	default:
		http.NotFound(writer, request)
	}
}

// register replaces a service of the same id and begins its check.
func (c *catalog) register(p *player, service *catalogService) {
	if service.ID == "" {
		service.ID = service.Name
	}
	service.status = "passing"
	service.ended = make(chan struct{})
	if service.Check != nil {
		service.status = "critical"
	}
	c.mutex.Lock()
	if before := c.services[service.ID]; before != nil {
		close(before.ended)
	}
	c.services[service.ID] = service
	c.mutex.Unlock()
	p.say("service %s registered at %s:%d", service.ID, service.Address, service.Port)
	if service.Check != nil {
		go c.check(p, service)
	}
}

func (c *catalog) remove(p *player, id string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if service := c.services[id]; service != nil {
		close(service.ended)
		delete(c.services, id)
		p.say("service %s removed", id)
	}
}

func (c *catalog) check(p *player, service *catalogService) {
	interval, err := time.ParseDuration(service.Check.Interval)
	if err != nil {
		interval = 10 * time.Second
	}
	asked := &effect{HTTP: service.Check.HTTP, TCP: service.Check.TCP}
	for {
		status, output := "passing", "ok"
		if err := p.attempt(asked, nil); err != nil {
			status, output = "critical", err.Error()
		}
		c.mutex.Lock()
		changed := service.status != status
		service.status, service.output = status, output
		c.mutex.Unlock()
		if changed {
			p.say("service %s is %s: %s", service.ID, status, output)
		}
		select {
		case <-service.ended:
			return
		case <-time.After(interval):
		}
	}
}

// find copies the services that fit, ordered by id.
func (c *catalog) find(fits func(*catalogService) bool) []catalogService {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	found := []catalogService{}
	for _, service := range c.services {
		if fits(service) {
			found = append(found, *service)
		}
	}
	slices.SortFunc(found, func(a, b catalogService) int { return strings.Compare(a.ID, b.ID) })
	return found
}

func described(services []catalogService, entry func(catalogService) map[string]any) []map[string]any {
	entries := []map[string]any{}
	for _, service := range services {
		entries = append(entries, entry(service))
	}
	return entries
}

func checkEntry(service catalogService) map[string]any {
	return map[string]any{
		"CheckID": "service:" + service.ID, "Name": "Service '" + service.Name + "' check", "Status": service.status,
		"Output": service.output, "ServiceID": service.ID, "ServiceName": service.Name,
	}
}

func nodeEntry(service catalogService) map[string]any {
	return map[string]any{
		"ServiceID": service.ID, "ServiceName": service.Name,
		"ServiceAddress": service.Address, "ServicePort": service.Port,
	}
}

func healthEntry(service catalogService) map[string]any {
	checks := []map[string]any{}
	if service.Check != nil {
		checks = append(checks, checkEntry(service))
	}
	return map[string]any{
		"Service": map[string]any{
			"ID": service.ID, "Service": service.Name, "Address": service.Address, "Port": service.Port,
		},
		"Checks": checks,
	}
}

// readDefinitions registers the services that the JSON files of a directory define under "service".
func (p *player) readDefinitions(directory string) {
	files, _ := filepath.Glob(filepath.Join(directory, "*.json"))
	p.say("read %d configuration files in %s", len(files), directory)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			p.say("cannot read: %v", err)
			continue
		}
		var defined struct{ Service *catalogService }
		if err := json.Unmarshal(text, &defined); err != nil {
			p.say("%s: %v", file, err)
			continue
		}
		if defined.Service != nil {
			p.catalog.register(p, defined.Service)
		}
	}
}
