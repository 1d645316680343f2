// Stand-in plays the role of another program, told as data: which ports open when, what is answered, which effects
// are looked for first and what happens when they are missing. See README.md for the format of a role.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// bakedRole is where the loader puts the role of an image; STAND_IN_ROLE names another place.
const bakedRole = "/stand-in.json"

func main() {
	name := filepath.Base(os.Args[0])
	if name == "stand-in" && len(os.Args) > 1 && os.Args[1] != "play" {
		os.Exit(useTool(os.Args[1], os.Args[2:]))
	}
	file := bakedRole
	if place := os.Getenv("STAND_IN_ROLE"); place != "" {
		file = place
	}
	if name == "stand-in" && len(os.Args) > 2 {
		file = os.Args[2]
	}
	played, err := readRole(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		os.Exit(70)
	}
	play := newPlayer(played)
	for path, steps := range played.Commands {
		if filepath.Base(path) == name {
			play.command(steps)
		}
	}
	if name != "stand-in" && os.Getpid() != 1 && !played.startedBy(os.Args) {
		fmt.Fprintf(os.Stderr, "stand-in: the role %s has no command %s\n", played.Role, name)
		os.Exit(127)
	}
	play.main()
}

// startedBy tells whether these are the words that the image starts its program with. The program of a container is not
// always the first process that it sees: a pod can share its processes.
func (r *role) startedBy(words []string) bool {
	own := r.Container.Entrypoint
	if len(own) == 0 {
		own = r.Container.Cmd[:min(1, len(r.Container.Cmd))]
	}
	return len(own) > 0 && len(words) >= len(own) && slices.Equal(words[:len(own)], own)
}
