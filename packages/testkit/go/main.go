// Answers with what Go itself, go-units and go-str2duration make of the values on standard input: an array in JSON, an answer
// for each value in the same order.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/docker/go-units"
	"github.com/xhit/go-str2duration/v2"
)

// A number of 64 bits as text, or null for an error.
func number(value int64, err error) any {
	if err != nil {
		return nil
	}
	return strconv.FormatInt(value, 10)
}

func answer(question string, value any) any {
	switch question {
	case "bytes":
		return number(units.RAMInBytes(value.(string)))
	case "duration":
		nanoseconds, err := str2duration.ParseDuration(value.(string))
		return number(int64(nanoseconds), err)
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
