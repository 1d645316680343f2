// A web server that says hello.
package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, "hello") })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
