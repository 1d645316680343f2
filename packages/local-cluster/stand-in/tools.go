package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const toolUsage = `usage: stand-in get URL | post URL BODY | put URL BODY | cat FILE | ls DIRECTORY | lookup NAME | play [ROLE.json]`

// useTool does one small thing from inside a container, where there is no shell: the exit code is 0 when it
// worked (2xx for requests), 1 when not, 64 for a wrong use.
func useTool(name string, arguments []string) int {
	counts := map[string]int{"get": 1, "post": 2, "put": 2, "cat": 1, "ls": 1, "lookup": 1}
	if len(arguments) != counts[name] || len(arguments) == 0 {
		fmt.Fprintln(os.Stderr, toolUsage)
		return 64
	}
	var err error
	switch name {
	case "get":
		err = request(http.MethodGet, arguments[0], "")
	case "post":
		err = request(http.MethodPost, arguments[0], arguments[1])
	case "put":
		err = request(http.MethodPut, arguments[0], arguments[1])
	case "cat":
		err = printFile(arguments[0])
	case "ls":
		err = list(arguments[0])
	case "lookup":
		err = lookUpName(arguments[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		return 1
	}
	return 0
}

func request(method, url, body string) error {
	asked, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := outward.Do(asked)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: status %d", method, url, answer.StatusCode)
	}
	return nil
}

func printFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(os.Stdout, file)
	return err
}

// list prints a line for each entry: mode, owner, group, size, name.
func list(directory string) error {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		fmt.Println(info.Mode(), owner.Uid, owner.Gid, info.Size(), filepath.Join(directory, entry.Name()))
	}
	return nil
}

func lookUpName(name string) error {
	addresses, err := net.LookupHost(name)
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(addresses, "\n"))
	return nil
}
