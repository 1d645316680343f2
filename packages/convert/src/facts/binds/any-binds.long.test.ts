import { type FileSystem, loadProject, memoryFiles } from '@landfall/compose'
import { type Bundle, resolveBundle } from '@landfall/kube'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { convertProject } from '../../convert.ts'

const HOME = '/home/me'
const DIRECTORY = '/shop'
/** A variable in braces. */
const VARIABLE = '$' + '{ROOT:-/shop}'
const LINKS = { '/shop/link': '/shop/a', '/shop/c/up': '/shop/b' }

/** One directory of Docker's machine in its spellings: nested ones, siblings, outside of the project, through links. */
const SPELLINGS: Record<string, string[]> = {
  '/shop/a': ['./a', './a/', './b/../a', '/shop/a', `${VARIABLE}/a`, './link', './link/.'],
  '/shop/a/x': ['./a/x', './a//x/', '/shop/a/x', './link/x', '$ROOT/a/x'],
  '/shop/a/x/y': ['./a/x/y', './link/x/y'],
  '/shop/ab': ['./ab', '../shop/ab'],
  '/shop/b': ['./b', './c/up', '/shop/b/'],
  '/shop/b/x.db': ['./b/x.db', './c/up/x.db'],
  '/shop/c': ['./c', './c/.'],
  '/near/d': ['../near/d', '../near//d/'],
  '/near/d/e': ['../near/d/e', '/near/d/e'],
  '/home/me/f': ['~/f', '$HOME/f', '/home/me/f'],
  '/home/me/f/g': ['~/f/g/', '/home/me/f/g'],
  '/mnt/h': ['/mnt/h', '/mnt//h/', '/mnt/x/../h'],
  '/mnt/h/i': ['/mnt/h/i'],
}

const TARGETS = ['/data', '/etc/app', '/config', '/srv/thing', '/usr/share/nginx/html', '/m']

/** Files that may be in the project: text, a database, a placeholder. */
const FILES: Record<string, string> = {
  '/shop/a/app.ini': 'a=1',
  '/shop/a/x/.gitkeep': '',
  '/shop/a/x/y/state.db': 'rows',
  '/shop/ab/page.html': '<p>',
  '/shop/b/x.db': 'rows',
  '/shop/c/notes.txt': 'c',
  '/near/d/shared.yml': 'a: 1',
  '/near/d/e/run.log': 'line',
}

const mounts = fc.array(
  fc.record({
    host: fc.constantFrom(...Object.keys(SPELLINGS)),
    spelling: fc.nat(),
    readOnly: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
)

const projects = fc.record({
  services: fc.array(mounts, { minLength: 1, maxLength: 4 }),
  files: fc.subarray(Object.keys(FILES)),
})

type Drawn = typeof projects extends fc.Arbitrary<infer One> ? One : never

interface Mount {
  service: string
  host: string
  target: string
  readOnly: boolean
}

/** The mounts of a project; each service has its own at different targets, never one below another. */
function mountsOf({ services }: Drawn): (Mount & { text: string })[] {
  return services.flatMap((list, number) =>
    list.map(({ host, spelling, readOnly }, index) => {
      const spellings = SPELLINGS[host] as string[]
      const target = `${TARGETS[(number + index) % TARGETS.length]}/${index}${host.endsWith('.db') ? '.db' : ''}`
      const source = spellings[spelling % spellings.length]
      const text = `${source}:${target}${readOnly ? ':ro' : ''}`
      return { service: `s${number}`, host, target, readOnly, text }
    }),
  )
}

/** A machine: texts by path, and the links of the project. */
function machine(texts: Record<string, string>): FileSystem {
  const files = memoryFiles(texts)
  const follow = (path: string): string => {
    for (const [link, to] of Object.entries(LINKS))
      if (path === link || path.startsWith(`${link}/`)) return to + path.slice(link.length)
    return path
  }
  return {
    read: (path) => files.read(follow(path)),
    stat: (path) => files.stat(follow(path)),
    list: (path) => files.list(follow(path)),
    linkTarget: (path) => LINKS[path as keyof typeof LINKS],
  }
}

function convert(drawn: Drawn, order: (names: string[]) => string[], more = {}) {
  const all = mountsOf(drawn)
  const names = order([...new Set(all.map(({ service }) => service))])
  const lines = names.map((name) => {
    const texts = all.filter(({ service }) => service === name).map(({ text }) => `"${text}"`)
    return `  ${name}: { image: "image-of-${name}", volumes: [${texts.join(', ')}] }`
  })
  const compose = `services:\n${lines.join('\n')}\n`
  const texts = Object.fromEntries(drawn.files.map((path) => [path, FILES[path] as string]))
  const files = machine({ '/shop/compose.yaml': compose, ...texts, ...more })
  const environment = { HOME, ROOT: DIRECTORY }
  const loaded = loadProject({ files, workingDirectory: DIRECTORY, environment })
  if (loaded.project === undefined) throw new Error('the project does not load')
  const { project, origins, sources } = loaded
  const settings = { settings: {}, settingsOrigins: new Map() }
  return convertProject({
    project,
    origins,
    sources,
    files,
    projectDirectory: DIRECTORY,
    environment,
    ...settings,
  })
}

/** Where a path of a container is: the same text for the same place of a claim, one per service otherwise. */
function placeIn(bundle: Bundle, { service }: Mount, path: string): { kind: string; at: string } {
  const { spec } = bundle.objects.get(`deployment/${service}`)?.spec.template ?? {}
  const mounts: { name: string; mountPath: string; subPath?: string }[] =
    spec.containers[0].volumeMounts ?? []
  const mount = mounts
    .filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0]
  const volume = spec.volumes.find(({ name }: { name: string }) => name === mount?.name)
  const claim = volume?.persistentVolumeClaim?.claimName
  const below = `${mount?.subPath ?? ''}${path.slice(mount?.mountPath.length)}`
  return claim === undefined
    ? { kind: 'config', at: service }
    : { kind: 'storage', at: `${claim}:${below}` }
}

test('what two services see of one path is one path of one claim, or the same configuration; never both', () => {
  fc.assert(
    fc.property(projects, (drawn) => {
      const { bundle } = convert(drawn, (names) => names)
      if (bundle === undefined) throw new Error('the project does not convert')
      const all = mountsOf(drawn)
      for (const upper of all)
        for (const deeper of all) {
          if (deeper.host !== upper.host && !deeper.host.startsWith(`${upper.host}/`)) continue
          const through = placeIn(
            bundle,
            upper,
            upper.target + deeper.host.slice(upper.host.length),
          )
          const direct = placeIn(bundle, deeper, deeper.target)
          expect([deeper, through.kind]).toEqual([deeper, direct.kind])
          if (direct.kind === 'storage') expect([deeper, through.at]).toEqual([deeper, direct.at])
        }
      for (const one of all)
        for (const other of all) {
          const related =
            `${one.host}/`.startsWith(`${other.host}/`) ||
            `${other.host}/`.startsWith(`${one.host}/`)
          const [a, b] = [one, other].map((mount) => placeIn(bundle, mount, mount.target))
          if (!related && a?.kind === 'storage') expect(a.at).not.toBe(b?.at)
        }
    }),
    { numRuns: 150 },
  )
})

test('the order of the services changes nothing, and what is elsewhere on the machine decides nothing', () => {
  const elsewhere = { '/mnt/h/i/film.mkv': 'film', '/home/me/f/g/a.db': 'a', '/mnt/h/b.ini': 'b' }
  fc.assert(
    fc.property(projects, (drawn) => {
      const first = convert(drawn, (names) => names)
      const again = convert(drawn, (names) => names.toReversed())
      const objects = ({ bundle }: typeof first) => [...resolveBundle(bundle as Bundle)]
      const problems = ({ diagnostics }: typeof first) =>
        diagnostics.map(({ code, path, message }) => ({ code, path, message }))
      expect(objects(again)).toEqual(objects(first))
      expect(problems(again)).toEqual(problems(first))
      const { plan } = convert(drawn, (names) => names, elsewhere)
      expect(plan.binds).toEqual(first.plan.binds)
      expect(plan.volumes).toEqual(first.plan.volumes)
    }),
    { numRuns: 100 },
  )
})
