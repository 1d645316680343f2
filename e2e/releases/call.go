// Command call runs the program of its own name that the one file of the source build contains.
package main

import (
	"log"
	"os"
	"path/filepath"
	"syscall"
)

// Path of that file, set by the linker.
var kube string

func main() {
	args := append([]string{kube, filepath.Base(os.Args[0])}, os.Args[1:]...)
	log.Fatal(syscall.Exec(kube, args, os.Environ()))
}
