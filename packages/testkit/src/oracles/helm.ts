import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultOptions } from '@landfall/local-cluster'

/** Helm 3, which most people have; with LANDFALL_HELM=4 the other one, whose build is not worth the minutes each day. */
const [major, name] = process.env.LANDFALL_HELM === '4' ? ['4', 'helm4'] : ['3', 'helm']
const source = fileURLToPath(new URL(`../../${name}/`, import.meta.url))

/**
 * The real helm of the version in `packages/testkit/helm/go.mod`, or in `helm4/go.mod` with LANDFALL_HELM=4, built from its Go modules into the
 * cache of local clusters: minutes the first time, nothing later. `missing` is why it cannot be had.
 */
export function helmProgram(): { program: string } | { missing: string } {
  const go = (args: string[]) =>
    spawnSync('go', args, {
      cwd: source,
      encoding: 'utf8',
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    })
  const version = go(['env', 'GOVERSION'])
  if (version.error !== undefined) return { missing: `go: ${version.error.message}` }
  const inputs = ['go.mod', 'go.sum'].map((name) => readFileSync(`${source}${name}`, 'utf8'))
  const hash = createHash('sha256')
    .update(JSON.stringify([version.stdout, process.arch, ...inputs]))
    .digest('hex')
  const programs = join(defaultOptions(process.env).cacheDirectory, 'programs')
  const directory = join(programs, `${name}-${hash.slice(0, 16)}`)
  const program = join(directory, 'helm')
  if (existsSync(program)) return { program }
  mkdirSync(programs, { recursive: true })
  const building = mkdtempSync(join(programs, 'helm-building-'))
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w']
  const built = go([
    'build',
    ...flags,
    '-o',
    join(building, 'helm'),
    `helm.sh/helm/v${major}/cmd/helm`,
  ])
  if (built.status !== 0) {
    rmSync(building, { recursive: true })
    return { missing: `go build: ${built.stderr.trim().split('\n').at(-1)}` }
  }
  try {
    renameSync(building, directory)
  } catch (error) {
    // Another process was faster.
    rmSync(building, { recursive: true })
    if (!existsSync(program)) throw error
  }
  return { program }
}
