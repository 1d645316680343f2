package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// collection keeps the JSON documents that are posted to its path, in memory.
type collection struct {
	mutex     sync.Mutex
	documents []json.RawMessage
}

func (p *player) collection(path string) *collection {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.collections[path] == nil {
		p.collections[path] = &collection{documents: []json.RawMessage{}}
	}
	return p.collections[path]
}

// answer adds the body of a POST, and lists all documents otherwise.
func (c *collection) answer(writer http.ResponseWriter, request *http.Request, body string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if request.Method != http.MethodPost {
		answerJSON(writer, c.documents)
		return
	}
	if !json.Valid([]byte(body)) {
		http.Error(writer, "not JSON", http.StatusBadRequest)
		return
	}
	c.documents = append(c.documents, json.RawMessage(body))
	fmt.Fprintf(writer, "%d", len(c.documents))
}
