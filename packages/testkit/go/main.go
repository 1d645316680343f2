// Answers with what Go itself, go-units, go-str2duration and BuildKit make of the values on standard input: an array in JSON, an answer
// for each value in the same order.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/docker/go-units"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/xhit/go-str2duration/v2"
)

// A number of 64 bits as text, or null for an error.
func number(value int64, err error) any {
	if err != nil {
		return nil
	}
	return strconv.FormatInt(value, 10)
}

// The instructions of a Dockerfile as an array in JSON: line, name and the whole text of each; null for an error.
func instructions(dockerfile string) any {
	parsed, err := parser.Parse(strings.NewReader(dockerfile))
	if err != nil {
		return nil
	}
	found := [][]any{}
	for _, node := range parsed.AST.Children {
		found = append(found, []any{node.StartLine, strings.ToUpper(node.Value), strings.TrimSpace(node.Original)})
	}
	return answer("json", found)
}

func answer(question string, value any) any {
	switch question {
	case "bytes":
		return number(units.RAMInBytes(value.(string)))
	case "duration":
		nanoseconds, err := str2duration.ParseDuration(value.(string))
		return number(int64(nanoseconds), err)
	case "dockerfile":
		return instructions(value.(string))
	case "json":
		text, err := json.Marshal(value)
		if err != nil {
			return nil
		}
		return string(text)
	}
	panic("unknown question " + question)
}

func main() {
	var values []any
	if err := json.NewDecoder(os.Stdin).Decode(&values); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]any, len(values))
	for i, value := range values {
		answers[i] = answer(os.Args[1], value)
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
