import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { keepOnFailure, landfall, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// What stops a project: `check`, `convert` and `up` agree on it, and nothing of the project is deployed.

const namespace = testNamespace('e2e-findings')
const scratch = await mkdtemp(`${tmpdir()}/landfall-findings-`)
afterAll(() => rm(scratch, { recursive: true, force: true }))
beforeAll(() => namespace.kubectl(['create', 'namespace', namespace.name]))

type Files = Record<string, string>

let number = 0

async function projectOf(files: Files): Promise<string> {
  const directory = `${scratch}/${number++}`
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(`${directory}/${name}`), { recursive: true })
    await writeFile(`${directory}/${name}`, text)
  }
  return directory
}

/** A project with one service that idles, with more keys of it, and more services. */
const idle = (keys: string, more = ''): Files => ({
  'compose.yaml': `name: findings
services:
  app: { image: "busybox:1.35.0", command: sleep 1d, ${keys} }
${more}`,
})

/** A service that another one waits for, and the key of the other. */
const waits = 'depends_on: { db: { condition: service_healthy } }'
const db = (keys: string): string =>
  `  db: { image: "busybox:1.35.0", command: sleep 1d, ${keys} }\n`

interface Case {
  name: string
  files: Files
  exit: 1 | 3
  prints: string[]
}

const refused: Case[] = [
  {
    name: 'what the engine of Docker refuses',
    files: {
      'compose.yaml': `services:
  restart: { image: "busybox:1.35.0", restart: alway }
  capability: { image: "busybox:1.35.0", cap_add: [NET_ADMN] }
  signal: { image: "busybox:1.35.0", stop_signal: SIGFOO }
  capital: { image: "NGINX:Latest" }
  empty: { image: "frappe/erpnext:\${ERP_VERSION}" }
  address: { image: "https://x.y/z:1" }
`,
    },
    exit: 1,
    prints: [
      ...["unknown policy 'alway'", 'did you mean "always"?'],
      ...['CAP_NET_ADMN', 'did you mean "NET_ADMIN"?'],
      ...['invalid signal: SIGFOO', 'must be lowercase', 'the tag is empty', 'write "x.y/z:1"'],
    ],
  },
  {
    name: 'waiting for the health of a service whose check is disabled',
    files: idle(waits, db('healthcheck: { disable: true }')),
    exit: 1,
    prints: ['the healthcheck of db is disabled', 'compose.yaml:4:66: disabled here'],
  },
  {
    name: 'the same, where the test is NONE',
    files: idle(waits, db('healthcheck: { test: [NONE] }')),
    exit: 1,
    prints: ['the healthcheck of db is disabled'],
  },
  {
    name: 'a source that Docker must not create',
    files: idle(
      'volumes: [{ type: bind, source: ./must, target: /must, bind: { create_host_path: false } }]',
    ),
    exit: 1,
    prints: ['./must does not exist, and create_host_path is false'],
  },
  {
    name: "the engine's socket",
    files: idle('volumes: ["/var/run/docker.sock:/var/run/docker.sock"]'),
    exit: 3,
    prints: ['services/app/volumes/0'],
  },
  {
    name: 'directories of the host',
    files: idle('volumes: ["/proc:/host/proc:ro", "/etc:/host/etc"]'),
    exit: 3,
    prints: ['services/app/volumes/0', 'services/app/volumes/1'],
  },
  {
    name: 'a named volume that is a directory of the host',
    files: idle(
      'volumes: ["logs:/logs"]',
      'volumes: { logs: { driver_opts: { type: none, o: bind, device: /var/log } } }\n',
    ),
    exit: 3,
    prints: ['/var/log'],
  },
]

describe.each(refused)('$name', ({ files, exit, prints }) => {
  test(`exit code ${exit}, with the reason and the place, and nothing is deployed`, async () => {
    keepOnFailure(namespace)
    const project = await projectOf(files)
    const checked = await landfall(['check', project])
    expect(checked.code, checked.stdout).toBe(exit)
    expect(checked.stdout).toMatch(/^compose\.yaml:\d+:\d+: /m)
    const converted = await landfall(['convert', project, '--offline', '-o', `${project}/out`])
    expect(converted.code, converted.stderr).toBe(exit)
    const up = await landfallOnCluster(namespace, 'up', [project], exit)
    for (const text of prints)
      for (const { stdout, stderr } of [checked, converted, up])
        expect(stdout + stderr).toContain(text)
    const left = await namespace.kubectl(['get', 'deployments,jobs,pvc', '-o', 'name'])
    expect(left.trim()).toBe('')
  })
})

test('what is accepted by name stops neither', async () => {
  const project = await projectOf({
    ...idle('volumes: ["/var/run/docker.sock:/var/run/docker.sock"], stop_grace_period: 1s'),
    'landfall.yaml': 'accept: [services/app/volumes/0]\n',
  })
  expect((await landfall(['check', project])).code).toBe(0)
  await landfallOnCluster(namespace, 'up', [project])
  await landfallOnCluster(namespace, 'down', [project])
})

test('claims and Secrets that must exist are named by convert, and up requires them', async () => {
  const project = await projectOf(
    idle(
      'volumes: ["given:/data"], secrets: [token]',
      'volumes: { given: { external: true, name: given-claim } }\nsecrets: { token: { external: true } }\n',
    ),
  )
  const converted = await landfall(['convert', project, '--offline', '-o', `${project}/out`])
  expect(converted.code).toBe(0)
  expect(converted.stderr).toContain(
    'must exist in the namespace: claims given-claim; Secrets token',
  )
  const { stdout, stderr } = await landfallOnCluster(namespace, 'up', [project], 1)
  expect(stdout + stderr).toContain('given-claim')
  expect(stdout + stderr).toContain('kubectl create secret generic token')
  expect((await namespace.kubectl(['get', 'deployments', '-o', 'name'])).trim()).toBe('')
})

test('all GPUs of a machine are a finding, and GPUs are in the plan', async () => {
  const project = await projectOf(
    idle(
      'deploy: { resources: { reservations: { devices: [{ driver: nvidia, count: all, capabilities: [gpu] }] } } }',
    ),
  )
  const { code, stdout } = await landfall(['check', project])
  expect(code).toBe(0)
  expect(stdout).toContain('[convert/all-devices]')
  expect((await landfall(['plan', project, '--offline'])).stdout).toContain('nvidia.com/gpu')
})
