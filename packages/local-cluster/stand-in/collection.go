package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
)

// collection keeps the JSON documents that are posted to its path, in memory or in a file. One with the name of another is refused.
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

// read takes the documents that another process has kept in a file, if there is one.
func (c *collection) read(file string) error {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err == nil {
		err = json.Unmarshal(text, &c.documents)
	}
	return err
}

// write keeps the documents in a file, whole or not at all; the mutex is held.
func (c *collection) write(file string) error {
	text, err := json.Marshal(c.documents)
	if err == nil {
		err = os.WriteFile(file+".new", text, 0o600)
	}
	if err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// answer adds the body of a POST, and lists all documents otherwise.
func (c *collection) answer(keep string, writer http.ResponseWriter, request *http.Request, body string) {
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
	named := nameOf(json.RawMessage(body))
	if named != "" && slices.ContainsFunc(c.documents, func(one json.RawMessage) bool { return nameOf(one) == named }) {
		http.Error(writer, named+" exists", http.StatusConflict)
		return
	}
	c.documents = append(c.documents, json.RawMessage(body))
	if keep != "" {
		if err := c.write(keep); err != nil {
			c.documents = c.documents[:len(c.documents)-1]
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	fmt.Fprintf(writer, "%d", len(c.documents))
}

// nameOf is the name of a document, if it has one.
func nameOf(document json.RawMessage) string {
	var named struct{ Name string }
	json.Unmarshal(document, &named)
	return named.Name
}
