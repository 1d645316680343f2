import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../go/', import.meta.url))

/** `json` (encoding/json), `bytes` (go-units), `duration` (go-str2duration), `dockerfile` (BuildKit's instructions, as JSON). */
type Question = 'json' | 'bytes' | 'duration' | 'dockerfile'

/**
 * What Go's own libraries make of each value: a text, or null for an error. Numbers of 64 bits are texts of digits.
 * Throws an Error with the words of the go command when the program cannot be built.
 */
export function askGo(question: Question, values: readonly unknown[]): (string | null)[] {
  const { status, stdout, stderr, error } = spawnSync('go', ['run', '.', question], {
    cwd: source,
    input: JSON.stringify(values),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Why Go programs cannot run on this machine; undefined if they can. */
export function goIsMissing(): string | undefined {
  try {
    askGo('json', [])
    return undefined
  } catch (error) {
    return `go run: ${(error as Error).message.split('\n')[0]}`
  }
}
