// `npm run audit`: which pinned versions are past their end of life, and which dependencies have known holes. Needs the network,
// and is not part of `npm test`. Exit code 1: something is past its end of life or has a known hole.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkedOn, lifeOf, sources } from './end-of-life.ts'
import { goModules, pinnedVersions } from './pinned.ts'

const govulncheck = 'golang.org/x/vuln/cmd/govulncheck@v1.9.0'
const minutes = 60_000

const repository = fileURLToPath(new URL('../..', import.meta.url))
const today = new Date().toISOString().slice(0, 10)
const print = (line: string) => process.stdout.write(`${line}\n`)
let findings = 0

function finding(line: string): void {
  findings += 1
  print(`  ! ${line}`)
}

print(`End of life, by the table of ${checkedOn} (${sources.join(', ')}):`)
for (const pinned of pinnedVersions(repository)) {
  const { component, version, file } = pinned
  const life = lifeOf(pinned, today)
  const what = `${component} ${version} (${file})`
  if (life.state === 'ended') finding(`${what}: end of life since ${life.until}`)
  else if (life.state === 'unknown') finding(`${what}: not in scripts/audit/end-of-life.ts`)
  else if (life.state === 'undated')
    print(`    ${what}: supported while it is one of the two newest`)
  else print(`    ${what}: supported until ${life.until}`)
}

print('\nKnown holes in npm packages:')
const npm = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: repository,
  encoding: 'utf8',
})
const answer = parsed(npm.stdout)
const vulnerabilities = answer?.vulnerabilities
if (typeof vulnerabilities !== 'object' || vulnerabilities === null)
  print(`    not checked: npm audit does not answer (${answer?.message ?? lastLine(npm.stderr)})`)
else {
  for (const [name, { severity }] of Object.entries(
    vulnerabilities as Record<string, { severity: string }>,
  ))
    finding(`${name}: ${severity}`)
  if (Object.keys(vulnerabilities).length === 0) print('    none')
}

print('\nKnown holes in Go programs:')
const unreachable = await whyUnreachable('https://vuln.go.dev/index/modules.json')
if (unreachable !== undefined)
  print(`    not checked: vuln.go.dev does not answer (${unreachable})`)
else for (const folder of goModules(repository)) auditModule(folder)

process.exitCode = findings === 0 ? 0 : 1

function auditModule(folder: string): void {
  const { status, stdout, stderr } = spawnSync('go', ['run', govulncheck, './...'], {
    cwd: join(repository, folder),
    encoding: 'utf8',
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
    timeout: 15 * minutes,
  })
  // It exits with a code other than 0 when the program can reach one, and prints those that it cannot reach too.
  const ids = [...new Set(stdout.match(/^Vulnerability #\d+: GO-\d{4}-\d+/gm) ?? [])]
  if (status === 0) print(`    ${folder}: none`)
  else if (ids.length > 0)
    finding(`${folder}: ${ids.map((id) => id.replace(/^.*: /, '')).join(', ')}`)
  else print(`    ${folder}: not checked: ${lastLine(stderr)}`)
}

async function whyUnreachable(url: string): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(15_000) })
    return ok ? undefined : `status ${status}`
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error }
    return cause?.message || message
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function lastLine(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !/^exit status|complete log/.test(line))
  return (lines.at(-1) ?? 'no message').slice(0, 200)
}
