import { readFileSync } from 'node:fs'
import { loadProject, memoryFiles } from '@landfall/compose'
import { hasErrors } from '@landfall/diagnostic'
import { namedProjects } from '@landfall/testkit/compose-oracle'
import { describe, expect, test } from 'vitest'
import { convertProject } from './convert.ts'
import { emitManifests } from './emit/manifests.ts'
import { renderLedger } from './ledger/render-ledger.ts'
import { renderPlan } from './plan/render-plan.ts'
import { loadLandfallFile } from './settings/load.ts'

/** Names that every object of JavaScript has, each with a name like it that no object has. */
const NAMES = [
  ['__proto__', '__prato__'],
  ['constructor', 'canstructor'],
  ['hasOwnProperty', 'hasOwnPraperty'],
  ['toString', 'taString'],
] as const

const facts = readFileSync(new URL('../../compose/cases/schema-facts.txt', import.meta.url), 'utf8')

/** Everything that comes of some files, as text. */
function resultOf(texts: Record<string, string>, environment: Record<string, string> = {}): string {
  const files = memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/w/${name}`, text])),
  )
  const { project, origins, diagnostics, projectDirectory, sources } = loadProject({
    files,
    workingDirectory: '/w',
    environment,
    projectName: 'p',
  })
  if (project === undefined || hasErrors(diagnostics)) return JSON.stringify({ diagnostics })
  const loaded = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  if (hasErrors(loaded.diagnostics)) return JSON.stringify([project, loaded.diagnostics])
  const { settings, origins: settingsOrigins } = loaded
  const input = { project, origins, projectDirectory, files, sources, environment }
  const result = convertProject({ ...input, settings, settingsOrigins })
  return JSON.stringify({
    project,
    origins: [...origins],
    diagnostics: [diagnostics, result.diagnostics],
    plan: renderPlan(result.plan),
    ledger: renderLedger(result.ledger),
    objects: result.bundle && [...emitManifests(result.bundle)],
  })
}

/** The result with another name in it, in the forms in which names are rewritten, without places and hashes. */
function renamed(result: string, name: string, other: string): string {
  const bare = (text: string) => text.toLowerCase().replace(/^_+|_+$/g, '')
  return result
    .replaceAll(name, other)
    .replaceAll(bare(name), bare(other))
    .replaceAll(name.toUpperCase(), other.toUpperCase())
    .replace(/(-|: )(\\?")?[0-9a-f]{6,10}\b(\\?")?/g, '$1HASH')
}

type Variables = (name: string) => Record<string, string>

const unset: Variables = () => ({})
const set: Variables = (name) => Object.fromEntries([[name, 'set']])

function expectSame(
  files: (name: string) => Record<string, string>,
  message: string,
  environments: readonly Variables[] = [unset],
): void {
  for (const [name, other] of NAMES) {
    for (const environment of environments)
      expect
        .soft(
          renamed(resultOf(files(name), environment(name)), name, other),
          `${name} in ${message}`,
        )
        .toBe(renamed(resultOf(files(other), environment(other)), name, other))
  }
  expect(Object.keys(Object.prototype)).toEqual([])
}

describe('a name of every object is a name like any other', () => {
  test.each(namedProjects(facts).map((one) => [one.place, one] as const))(
    '%s',
    (place, { project }) => {
      expectSame((name) => ({ 'compose.yaml': JSON.stringify(project(name)) }), place)
    },
  )
})

const service = (text: string) => `services: { s: { image: i, ${text} } }`

/** Places outside of the mappings of the schema, by what they are. */
const OTHERS: Record<string, (name: string) => Record<string, string>> = {
  'an image': (name) => ({
    'compose.yaml': `services: { s: { image: ${name.toLowerCase()} }, t: { image: "${name.toLowerCase()}:1" } }`,
  }),
  'a variable of a text': (name) => ({
    'compose.yaml': service(`hostname: "\${${name}:-h}", labels: { a: "$${name}" }`),
  }),
  'a variable of the environment': (name) => ({
    'compose.yaml': service(`environment: [${name}], build: { context: ., args: [${name}] }`),
  }),
  'the .env file': (name) => ({
    '.env': `${name}=1\n`,
    'compose.yaml': service(`environment: { A: "\${${name}}" }`),
  }),
  'an env file': (name) => ({
    e: `${name}=1\nB=\${${name}}\n`,
    'compose.yaml': service('env_file: e'),
  }),
  'a user': (name) => ({ 'compose.yaml': service(`user: ${name}, group_add: [${name}]`) }),
  'words with a meaning': (name) => ({
    'compose.yaml': service(
      `restart: "${name}", deploy: { mode: ${name}, restart_policy: { condition: ${name} } }, pull_policy: always`,
    ),
  }),
  'words of other keys': (name) => ({
    'compose.yaml': service(
      `runtime: ${name}, stop_signal: ${name}, ipc: ${name}, platform: ${name}, domainname: ${name}, cap_add: [${name}], security_opt: ["${name}:x"], logging: { driver: ${name} }`,
    ),
  }),
  'a device driver': (name) => ({
    'compose.yaml': service(`gpus: [{ driver: ${name}, capabilities: [gpu, ${name}] }]`),
  }),
  'a scheme and a host': (name) => ({
    'compose.yaml': service(`environment: { U: "${name}://${name}/x", DB_HOST: ${name} }`),
  }),
  'the file of a config': (name) => ({
    [name]: 'x',
    'compose.yaml': `${service('configs: [c]')}\nconfigs: { c: { file: ./${name} } }`,
  }),
  'the variable of a secret': (name) => ({
    'compose.yaml': `${service('secrets: [c]')}\nsecrets: { c: { environment: ${name} } }`,
  }),
  'a file in a tree': (name) => ({
    [`conf/${name}`]: 'x',
    [`conf/d/${name}/f`]: 'y',
    'compose.yaml': service('volumes: ["./conf:/conf:ro"]'),
  }),
  'a driver of a volume': (name) => ({
    'compose.yaml': `${service('volumes: ["data:/d"]')}\nvolumes: { data: { driver: ${name}, driver_opts: { type: ${name} } } }`,
  }),
  'an argument of a Dockerfile': (name) => ({
    Dockerfile: `ARG ${name}=a\nFROM \${${name}:-b}\nARG ${name}\nENV ${name}=$${name}\nLABEL ${name}=1\nUSER \${${name}}\nCOPY --${name}=x . /\n`,
    'compose.yaml': 'services: { s: { build: . } }',
  }),
  'a service that others name': (name) => ({
    'compose.yaml': `services: { "${name}": { image: i, ports: ["80"], profiles: ["${name}"] }, s: { image: i, links: ["${name}:x"], volumes_from: ["${name}"], extends: "${name}" } }`,
  }),
  'an extended service': (name) => ({
    'b.yaml': `services: { "${name}": { image: i, labels: { "${name}": x } } }`,
    'compose.yaml': `services: { s: { extends: { file: b.yaml, service: "${name}" } } }`,
  }),
  'an anchor and a merge key': (name) => ({
    'compose.yaml': `x-a: &${name} { "${name}": x }\nservices: { s: { image: i, labels: { <<: *${name} }, environment: *${name} } }`,
  }),
  'keys of landfall.yaml': (name) => ({
    'landfall.yaml': `services: { s: { ${name}: 1 }, ${name}: {} }\n${name}: 1\nvolumes: { ${name}: { size: 1Gi } }`,
    'compose.yaml': service(''),
  }),
  'names in landfall.yaml': (name) => ({
    'landfall.yaml': `services: { s: { environment: { ${name}: { secret: t } }, waitsFor: [{ job: ${name} }] } }\nexternal: { ${name}: { address: 10.0.0.1 } }\nenvironments: { ${name}: { services: { ${name}: {} } } }`,
    'compose.yaml': service(''),
  }),
  'secret rules of landfall.yaml': (name) => ({
    'landfall.yaml': `secrets: { plain: [${name}] }\nservices: { s: { environment: { ${name}: { secret: t } } } }`,
    'compose.yaml': service(`environment: { ${name}: "x" }`),
  }),
  'an acceptance': (name) => ({
    'landfall.yaml': `accept: [services/s/${name}, services/${name}/pid]`,
    'compose.yaml': service('pid: host'),
  }),
  'x-landfall': (name) => ({
    'compose.yaml': `${service('')}\nx-landfall: { services: { s: { environment: { ${name}: { secret: t } } } } }`,
  }),
  'settings of a file': (name) => ({
    'conf.json': `{"${name}":"x"}`,
    'landfall.yaml': `files: { ./conf.json: { set: { /${name}: y, /${name}/a: z } } }`,
    'compose.yaml': service('volumes: ["./conf.json:/conf.json:ro"]'),
  }),
  'a key of JSON that is edited': (name) => ({
    'conf.yaml': 'a: 1\n',
    'landfall.yaml': `files: { ./conf.yaml: { set: { /${name}: y } } }`,
    'compose.yaml': service('volumes: ["./conf.yaml:/conf.yaml:ro"]'),
  }),
}

describe('also where no mapping of the schema has it', () => {
  test.each(Object.entries(OTHERS))('%s', (place, files) => {
    expectSame(files, place, [unset, set])
  })
})
