package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests play roles in processes of their own, as containers do, on ports of the loopback that were free.

var program string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "stand-in-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(directory, "stand-in")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(string(output))
	}
	code := m.Run()
	os.RemoveAll(directory)
	os.Exit(code)
}

type played struct {
	*exec.Cmd
	mutex  sync.Mutex
	output bytes.Buffer
	ended  chan int
}

func (p *played) Write(text []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.output.Write(text)
}

func (p *played) log() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.output.String()
}

// start plays a role, in which $1, $2 … stand for the given values.
func start(t *testing.T, role string, values ...any) *played {
	t.Helper()
	for index, value := range values {
		role = strings.ReplaceAll(role, fmt.Sprintf("$%d", index+1), fmt.Sprint(value))
	}
	file := filepath.Join(t.TempDir(), "role.json")
	if err := os.WriteFile(file, []byte(role), 0o644); err != nil {
		t.Fatal(err)
	}
	running := &played{Cmd: exec.Command(program, "play", file), ended: make(chan int, 1)}
	running.Stdout, running.Stderr = running, running
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		running.Wait()
		running.ended <- running.ProcessState.ExitCode()
	}()
	t.Cleanup(func() {
		running.Process.Kill()
		if t.Failed() {
			t.Log(running.log())
		}
	})
	return running
}

func (p *played) exitCode(t *testing.T) int {
	t.Helper()
	select {
	case code := <-p.ended:
		return code
	case <-time.After(10 * time.Second):
		t.Fatal("still running")
		return 0
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("not seen: ", what)
}

func freePort(t *testing.T) int {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	return socket.Addr().(*net.TCPAddr).Port
}

func ask(method string, port int, path, body string) (int, string) {
	request, _ := http.NewRequest(method, fmt.Sprintf("http://127.0.0.1:%d%s", port, path), strings.NewReader(body))
	answer, err := outward.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, strings.TrimSpace(string(text))
}

func get(port int, path string) (int, string) { return ask(http.MethodGet, port, path, "") }

func TestAMissingEffectEndsTheProgramWithItsOwnCode(t *testing.T) {
	running := start(t, `{"role":"r","steps":[{"expect":{"within":"300ms","every":"100ms","of":[
		{"file":"/"},{"tcp":"127.0.0.1:$1","otherwise":[{"exit":7}]}]}}]}`, freePort(t))
	if code := running.exitCode(t); code != 7 {
		t.Fatal("exit code", code)
	}
	if !strings.Contains(running.log(), "waiting for 127.0.0.1") || !strings.Contains(running.log(), "connection refused") {
		t.Fatal("the log does not tell what was waited for")
	}
}

func TestWithoutAnOtherwiseItExitsWithOne(t *testing.T) {
	if code := start(t, `{"role":"r","steps":[{"expect":{"of":[{"file":"/nothing"}]}}]}`).exitCode(t); code != 1 {
		t.Fatal("exit code", code)
	}
}

func TestAnEffectThatComesLateIsWaitedFor(t *testing.T) {
	port := freePort(t)
	waiting := start(t, `{"role":"r","steps":[{"expect":{"within":"10s","every":"50ms","of":[
		{"http":"consul://127.0.0.1:$1/ready","body":"yes"}]}},{"exit":0}]}`, port)
	start(t, `{"role":"s","listeners":{"api":{"http":$1,"routes":[
		{"path":"/ready","when":{"state":"phase","is":"up"},"body":"yes"},{"path":"/*","status":500}]}},
		"steps":[{"listen":"api"},{"take":"300ms"},{"set":{"phase":"up"}}]}`, port)
	if code := waiting.exitCode(t); code != 0 {
		t.Fatal("exit code", code)
	}
	if !strings.Contains(waiting.log(), "status 500") {
		t.Fatal("it never saw the server while that was not ready")
	}
}

func TestAFailedBindLeavesTheProcessAliveWithoutItsPort(t *testing.T) {
	running := start(t, `{"role":"r","listeners":{"api":{"http":$1,"host":"192.0.2.1"}},
		"steps":[{"listen":"api","otherwise":[]}]}`, freePort(t))
	eventually(t, "stays alive", func() bool { return strings.Contains(running.log(), "stays alive") })
	if !strings.Contains(running.log(), "cannot assign requested address") {
		t.Fatal("the failed bind is not logged")
	}
}

func TestDeafStaysHealthyAndGoesNoFurther(t *testing.T) {
	port := freePort(t)
	start(t, `{"role":"r","listeners":{"api":{"http":$1,"routes":[{"path":"/ping","body":"pong"}]}},
		"steps":[{"listen":"api"},{"expect":{"of":[{"file":"/nothing"}]},"otherwise":[{"deaf":"no file"}]},{"exit":3}]}`, port)
	eventually(t, "pong", func() bool { status, body := get(port, "/ping"); return status == 200 && body == "pong" })
}

func TestDiesOnTheThirdRequest(t *testing.T) {
	port := freePort(t)
	running := start(t, `{"role":"r","listeners":{"api":{"http":$1,"routes":[
		{"path":"/","when":{"state":"requests.api","atLeast":3},"do":[{"exit":9}]},{"path":"/","body":"ok"}]}},
		"steps":[{"listen":"api"}]}`, port)
	eventually(t, "two answers", func() bool { status, _ := get(port, "/"); return status == 200 })
	get(port, "/")
	get(port, "/")
	if code := running.exitCode(t); code != 9 {
		t.Fatal("exit code", code)
	}
}

func TestSIGTERM(t *testing.T) {
	ignoring := start(t, `{"role":"r","stop":{"ignore":true}}`)
	obeying := start(t, `{"role":"r","stop":{"exit":0,"after":"100ms"}}`)
	for _, running := range []*played{ignoring, obeying} {
		eventually(t, "started", func() bool { return strings.Contains(running.log(), "stays alive") })
		running.Process.Signal(syscall.SIGTERM)
	}
	if code := obeying.exitCode(t); code != 0 {
		t.Fatal("exit code", code)
	}
	eventually(t, "ignored", func() bool { return strings.Contains(ignoring.log(), "ignored") })
}

func TestEventsFlowThroughStreamsThatOpenAtTheFirstEvent(t *testing.T) {
	api, events, counted := freePort(t), freePort(t), freePort(t)
	start(t, `{"role":"data","listeners":{"api":{"http":$1,"routes":[{"path":"/event","do":[
		{"listen":"events"},{"add":{"events":1}},{"publish":{"to":"events","line":"${request.body}"}}],"body":"${state.events}"}]},
		"events":{"stream":$2}},"steps":[{"listen":"api"}]}`, api, events)
	start(t, `{"role":"rules","listeners":{"api":{"http":$1,"routes":[{"path":"/state","handler":"state"}]}},
		"steps":[{"listen":"api"},{"subscribe":{"to":"127.0.0.1:$2","do":[{"add":{"seen":1}},{"set":{"last":"${line}"}}]}}]}`, counted, events)
	eventually(t, "an event at the end of the chain", func() bool {
		ask(http.MethodPost, api, "/event", `{"n":1}`)
		_, state := get(counted, "/state")
		return strings.Contains(state, `"last":"{\"n\":1}"`) && strings.Contains(state, `"seen":`)
	})
}

func TestKeyValues(t *testing.T) {
	port := freePort(t)
	start(t, `{"role":"r","listeners":{"api":{"http":$1,"routes":[{"path":"/v1/kv/*","handler":"key-values"}]}},"steps":[{"listen":"api"}]}`, port)
	eventually(t, "listening", func() bool { status, _ := get(port, "/v1/kv/a"); return status == 404 })
	expectAnswer := func(method, path, body string, wanted string) {
		t.Helper()
		if _, answer := ask(method, port, path, body); answer != wanted {
			t.Errorf("%s %s: %s", method, path, answer)
		}
	}
	expectAnswer("PUT", "/v1/kv/a/b?cas=0", "1", "true")
	expectAnswer("PUT", "/v1/kv/a/b?cas=0", "2", "false")
	expectAnswer("PUT", "/v1/kv/a/c", "3", "true")
	expectAnswer("GET", "/v1/kv/a/b?raw", "", "1")
	expectAnswer("GET", "/v1/kv/a/?keys", "", `["a/b","a/c"]`)
	expectAnswer("GET", "/v1/kv/a/b", "", `[{"CreateIndex":1,"Flags":0,"Key":"a/b","LockIndex":0,"ModifyIndex":1,"Value":"MQ=="}]`)
	expectAnswer("DELETE", "/v1/kv/a/?recurse", "", "true")
	expectAnswer("GET", "/v1/kv/a/?keys", "", "")
}

func TestKeyValuesOutliveTheProcessWhereAFileKeepsThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kv.json")
	const role = `{"role":"r","listeners":{"api":{"http":$1,"routes":[
		{"path":"/v1/kv/*","when":{"argument":"-server","not":$2},"handler":"key-values"},
		{"path":"/v1/kv/*","handler":"key-values","keep":"$3"}]}},"steps":[{"listen":"api"}]}`
	// Without the argument -server the condition "not" holds: in memory.
	for _, kept := range []bool{false, true} {
		first, second := freePort(t), freePort(t)
		before := start(t, role, first, kept == false, file)
		eventually(t, "listening", func() bool { status, _ := get(first, "/v1/kv/a"); return status == 404 })
		ask("PUT", first, "/v1/kv/a", "1")
		before.Process.Kill()
		start(t, role, second, kept == false, file)
		eventually(t, "listening", func() bool { status, _ := get(second, "/v1/kv/b"); return status == 404 })
		if _, value := get(second, "/v1/kv/a?raw"); (value == "1") != kept {
			t.Fatalf("kept %v: %q", kept, value)
		}
	}
}

func TestServicesOutliveTheProcessWhereAFileKeepsThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "services.json")
	const role = `{"role":"r","listeners":{"api":{"http":$1,"routes":[{"path":"/v1/*","handler":"service-catalog","keep":"$2"}]}},"steps":[{"listen":"api"}]}`
	first, second := freePort(t), freePort(t)
	before := start(t, role, first, file)
	eventually(t, "listening", func() bool { status, _ := get(first, "/v1/catalog/services"); return status == 200 })
	ask("PUT", first, "/v1/agent/service/register", `{"ID":"x","Name":"x","Address":"db","Port":1}`)
	before.Process.Kill()
	start(t, role, second, file)
	eventually(t, "the service", func() bool {
		_, answer := get(second, "/v1/catalog/service/x")
		return strings.Contains(answer, `"ServiceAddress":"db"`)
	})
}

func TestDocumentsOutliveTheProcessWhereAFileKeepsThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "devices.json")
	const role = `{"role":"r","listeners":{"api":{"http":$1,"routes":[{"path":"/device","handler":"collection","keep":"$2"}]}},"steps":[{"listen":"api"}]}`
	first, second := freePort(t), freePort(t)
	before := start(t, role, first, file)
	eventually(t, "listening", func() bool { status, _ := get(first, "/device"); return status == 200 })
	ask("POST", first, "/device", `{"name":"a"}`)
	before.Process.Kill()
	start(t, role, second, file)
	eventually(t, "listening", func() bool { status, _ := get(second, "/device"); return status == 200 })
	if status, _ := ask("POST", second, "/device", `{"name":"a"}`); status != 409 {
		t.Fatalf("the second of a name: %d", status)
	}
	if _, answer := get(second, "/device"); answer != `[{"name":"a"}]` {
		t.Fatal(answer)
	}
}

func TestAnAnswerBecomesAState(t *testing.T) {
	asked, port := freePort(t), freePort(t)
	start(t, `{"role":"a","listeners":{"api":{"http":$1,"routes":[{"path":"/name","body":"broker"}]}},"steps":[{"listen":"api"}]}`, asked)
	eventually(t, "listening", func() bool { status, _ := get(asked, "/name"); return status == 200 })
	start(t, `{"role":"b","listeners":{"api":{"http":$1,"routes":[{"path":"/state","handler":"state"}]}},
		"steps":[{"expect":{"of":[{"http":"http://127.0.0.1:$2/name","into":"target"}]}},{"listen":"api"}]}`, port, asked)
	eventually(t, "the state", func() bool {
		_, state := get(port, "/state")
		return strings.Contains(state, `"target":"broker"`)
	})
}

func TestTheCatalogTellsWhoPasses(t *testing.T) {
	port, other := freePort(t), freePort(t)
	definitions := t.TempDir()
	os.WriteFile(filepath.Join(definitions, "db.json"), []byte(`{"service":{"name":"db","port":1,"check":{"tcp":"127.0.0.1:1","interval":"50ms"}}}`), 0o644)
	start(t, `{"role":"r","listeners":{"api":{"http":$1,"routes":[{"path":"/v1/*","handler":"service-catalog","definitions":"$2"}]}},"steps":[{"listen":"api"}]}`, port, definitions)
	eventually(t, "the defined service is critical", func() bool {
		_, answer := get(port, "/v1/health/state/critical")
		return strings.Contains(answer, `"ServiceID":"db"`)
	})
	ask("PUT", port, "/v1/agent/service/register", fmt.Sprintf(`{"ID":"x","Name":"x","Check":{"HTTP":"http://127.0.0.1:%d/ping","Interval":"50ms"}}`, other))
	if _, answer := get(port, "/v1/health/service/x?passing"); answer != "[]" {
		t.Fatal("passing without a check that passed: ", answer)
	}
	start(t, `{"role":"x","listeners":{"api":{"http":$1,"routes":[{"path":"/ping"}]}},"steps":[{"listen":"api"}]}`, other)
	eventually(t, "it passes", func() bool {
		_, answer := get(port, "/v1/health/service/x?passing")
		return strings.Contains(answer, `"ServiceID":"x"`)
	})
}

func TestACommandOfTheImageAsksTheProgramInside(t *testing.T) {
	port := freePort(t)
	role := fmt.Sprintf(`{"role":"r","listeners":{"db":{"tcp":%d,"greeting":"users ${state.users:-none}"}},
		"steps":[{"listen":"db"},{"take":"300ms"},{"set":{"users":"10"}}],
		"commands":{"/usr/bin/dbsh":[{"expect":{"of":[{"tcp":"127.0.0.1:%d","body":"users 10"}]}}]}}`, port, port)
	start(t, role)
	directory := t.TempDir()
	shell := filepath.Join(directory, "dbsh")
	os.Symlink(program, shell)
	file := filepath.Join(directory, "role.json")
	os.WriteFile(file, []byte(role), 0o644)
	t.Setenv("STAND_IN_ROLE", file)
	if exec.Command(shell, "--eval", "x").Run() == nil {
		t.Fatal("it succeeded before the users were there")
	}
	eventually(t, "success", func() bool { return exec.Command(shell, "--eval", "x").Run() == nil })
}

func TestTheWordsOfTheImageStartTheRoleAndOthersDoNot(t *testing.T) {
	directory := t.TempDir()
	os.Symlink(program, filepath.Join(directory, "sh"))
	file := filepath.Join(directory, "role.json")
	os.WriteFile(file, []byte(`{"role":"r","container":{"entrypoint":["./sh","-c","serve"]},"steps":[{"exit":6}]}`), 0o644)
	t.Setenv("STAND_IN_ROLE", file)
	for code, words := range map[int][]string{6: {"-c", "serve", "--more"}, 127: {"-c", "ls"}} {
		command := exec.Command("./sh", words...)
		command.Dir = directory
		command.Run()
		if command.ProcessState.ExitCode() != code {
			t.Errorf("%v: exit code %d", words, command.ProcessState.ExitCode())
		}
	}
}

func TestFilesAreWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "log")
	running := start(t, `{"role":"r","steps":[{"write":{"path":"$1","content":"a"}},
		{"write":{"path":"$1","content":"${HOME:-b}","append":true}},{"write":{"path":"/proc/no/file"},"otherwise":[{"exit":4}]}]}`, file)
	if code := running.exitCode(t); code != 4 {
		t.Fatal("exit code", code)
	}
	if text, _ := os.ReadFile(file); string(text) != "a"+os.Getenv("HOME") {
		t.Fatal(string(text))
	}
}

func TestAStepIsPlayedOnlyWhenItsConditionHolds(t *testing.T) {
	t.Setenv("PROFILE", "rules")
	running := start(t, `{"role":"r","steps":[{"when":{"env":"PROFILE","isNot":"rules"},"exit":3},
		{"when":{"env":"PROFILE","is":"other"},"exit":4},{"add":{"n":2}},{"when":{"state":"n","atLeast":3},"exit":5},
		{"when":{"state":"n","atLeast":2},"exit":6}]}`)
	if code := running.exitCode(t); code != 6 {
		t.Fatal("exit code", code)
	}
}

func TestOrderOfOldGo(t *testing.T) {
	for text, dnsFirst := range map[string]bool{
		"":                                   true,
		"hosts: files dns\n":                 false,
		"passwd: files\nhosts:  dns files\n": true,
		"hosts: files\n":                     false,
	} {
		if namesDNSFirst(text) != dnsFirst {
			t.Errorf("%q", text)
		}
	}
}
