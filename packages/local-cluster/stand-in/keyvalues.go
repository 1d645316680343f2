package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
)

// keyValues is a key-value store in the shape of Consul's (https://developer.hashicorp.com/consul/api-docs/kv), in memory.
type keyValues struct {
	mutex   sync.Mutex
	index   int
	entries map[string]keyValue
}

type keyValue struct {
	value   string
	created int
	changed int
}

// read takes the values that another process has kept in a file, if there is one.
func (s *keyValues) read(file string) error {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil
	}
	kept := map[string]string{}
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for key, value := range kept {
		s.put(key, value, false)
	}
	return err
}

// write keeps the values in a file, whole or not at all; the mutex is held.
func (s *keyValues) write(file string) error {
	kept := map[string]string{}
	for key, entry := range s.entries {
		kept[key] = entry.value
	}
	text, err := json.Marshal(kept)
	if err == nil {
		err = os.WriteFile(file+".new", text, 0o600)
	}
	if err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (s *keyValues) answer(root, keep string, writer http.ResponseWriter, request *http.Request, body string) {
	key := strings.TrimPrefix(request.URL.Path, root)
	query := request.URL.Query()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if keep != "" && request.Method != http.MethodGet {
		defer func() {
			if err := s.write(keep); err != nil {
				fmt.Printf("the values are not kept: %v\n", err)
			}
		}()
	}
	switch request.Method {
	case http.MethodPut:
		answerJSON(writer, s.put(key, body, query.Get("cas") == "0"))
	case http.MethodDelete:
		for _, found := range s.keys(key, query.Has("recurse")) {
			delete(s.entries, found)
		}
		answerJSON(writer, true)
	default:
		found := s.keys(key, query.Has("keys") || query.Has("recurse"))
		switch {
		case len(found) == 0:
			writer.WriteHeader(http.StatusNotFound)
		case query.Has("keys"):
			answerJSON(writer, found)
		case query.Has("raw"):
			io.WriteString(writer, s.entries[found[0]].value)
		default:
			answerJSON(writer, s.described(found))
		}
	}
}

// put stores a value; one that must be new (cas=0) is refused where the key exists.
func (s *keyValues) put(key, value string, mustBeNew bool) bool {
	before, exists := s.entries[key]
	if exists && mustBeNew {
		return false
	}
	s.index++
	created := s.index
	if exists {
		created = before.created
	}
	s.entries[key] = keyValue{value: value, created: created, changed: s.index}
	return true
}

func (s *keyValues) keys(key string, below bool) []string {
	found := []string{}
	for name := range s.entries {
		if name == key || below && strings.HasPrefix(name, key) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func (s *keyValues) described(keys []string) []map[string]any {
	entries := []map[string]any{}
	for _, key := range keys {
		entry := s.entries[key]
		entries = append(entries, map[string]any{
			"LockIndex": 0, "Key": key, "Flags": 0,
			"Value":       base64.StdEncoding.EncodeToString([]byte(entry.value)),
			"CreateIndex": entry.created, "ModifyIndex": entry.changed,
		})
	}
	return entries
}
