import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pinned } from './end-of-life.ts'

const programs = 'packages/local-cluster/programs'
const images = 'packages/local-cluster/images'

/** The folders with a Go module, relative to the repository. */
export function goModules(repository: string): string[] {
  const folders = [
    ...readdirSync(join(repository, programs)).map((name) => join(programs, name)),
    'packages/local-cluster/stand-in',
  ]
  return folders.filter((folder) => readdirIfAny(join(repository, folder)).includes('go.mod'))
}

/** What this repository pins of other projects with a release schedule. Throws an Error where a file does not name its version. */
export function pinnedVersions(repository: string): Pinned[] {
  const text = (file: string) => readFileSync(join(repository, file), 'utf8')
  const found = (component: string, file: string, pattern: RegExp): Pinned => {
    const [, version, line] = pattern.exec(text(file)) ?? []
    if (version === undefined || line === undefined)
      throw new Error(`${file} does not name a version of ${component}`)
    return { component, version, line, file }
  }
  const kube = join(programs, 'kube/go.mod')
  const suites = new Map<string, string>()
  for (const name of readdirSync(join(repository, images))) {
    if (!readdirIfAny(join(repository, images, name)).includes('image.json')) continue
    const file = join(images, name, 'image.json')
    for (const [, suite] of text(file).matchAll(/"suite": "([a-z]+)"/g))
      if (suite !== undefined && !suites.has(suite)) suites.set(suite, file)
  }
  return [
    found('Kubernetes', kube, /^\tk8s\.io\/kubernetes v((\d+\.\d+)\.\d+)$/m),
    found('etcd', kube, /^\tgo\.etcd\.io\/etcd\/server\/v3 v((\d+\.\d+)\.\d+)$/m),
    found('Go', kube, /^go ((\d+\.\d+)\S*)$/m),
    found('Node.js', 'package.json', /"node": ">=((\d+)[^"]*)"/),
    ...[...suites]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([suite, file]) => ({ component: 'Debian', version: suite, line: suite, file })),
  ]
}

function readdirIfAny(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
