package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// serveHTTP answers on one listener by its routes; each request counts in the state as requests.<listener>.
func (p *player) serveHTTP(name string, told *listener, socket net.Listener) {
	for _, answered := range told.Routes {
		if answered.Definitions != "" {
			p.readDefinitions(answered.Definitions)
		}
		if answered.Keep != "" && p.holds(answered.When) {
			read := p.keyValues.read
			switch answered.Handler {
			case "service-catalog":
				read = func(file string) error { return p.catalog.read(p, file) }
			case "collection":
				read = p.collection(answered.Path).read
			}
			if err := read(answered.Keep); err != nil {
				p.say("cannot read what was kept: %v", err)
			}
		}
	}
	var seen sync.Map
	http.Serve(socket, http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		p.state.add("requests."+name, 1)
		body, _ := io.ReadAll(request.Body)
		if _, before := seen.LoadOrStore(request.Method+request.URL.Path, true); !before {
			p.say("first %s %s, from %s", request.Method, request.URL.Path, request.RemoteAddr)
		}
		for _, answered := range told.Routes {
			if answered.fits(request) && p.holds(answered.When) {
				p.answer(answered, writer, request, string(body))
				return
			}
		}
		http.NotFound(writer, request)
	}))
}

// fits tells whether a path is the route's own, or lies below it when that ends with a star.
func (r *route) fits(request *http.Request) bool {
	if r.Method != "" && r.Method != request.Method {
		return false
	}
	if stem, below := strings.CutSuffix(r.Path, "*"); below {
		return strings.HasPrefix(request.URL.Path, stem)
	}
	return r.Path == request.URL.Path
}

func (p *player) answer(told *route, writer http.ResponseWriter, request *http.Request, body string) {
	within := scope{"request.body": body, "request.path": request.URL.Path, "request.method": request.Method}
	if p.run(told.Do, within) == deaf {
		select {}
	}
	time.Sleep(time.Duration(told.After))
	switch told.Handler {
	case "key-values":
		p.keyValues.answer(strings.TrimSuffix(told.Path, "*"), told.Keep, writer, request, body)
	case "service-catalog":
		p.catalog.answer(p, writer, request, body)
		if told.Keep != "" && request.Method == http.MethodPut {
			if err := p.catalog.write(told.Keep); err != nil {
				p.say("the services are not kept: %v", err)
			}
		}
	case "collection":
		p.collection(told.Path).answer(told.Keep, writer, request, body)
	case "state":
		answerJSON(writer, p.state.all())
	default:
		if told.Type != "" {
			writer.Header().Set("Content-Type", told.Type)
		}
		status := told.Status
		if status == 0 {
			status = http.StatusOK
		}
		writer.WriteHeader(status)
		io.WriteString(writer, p.fill(told.Body, within))
	}
}

func answerJSON(writer http.ResponseWriter, value any) {
	writer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(writer).Encode(value)
}
