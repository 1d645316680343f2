import { loadProject, memoryFiles } from '@landfall/compose'
import { renderDiagnostic } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { convertProject } from '../convert.ts'
import { renderPlan } from '../plan/render-plan.ts'
import { loadLandfallFile } from '../settings/load.ts'

const compose = `name: shop
services:
  web: { image: "nginx:1.22", networks: { default: { aliases: [www] } } }
  My_Api: { image: "api:1", command: serve }
  agent: { image: "agent:1", network_mode: "service:web" }
  seed: { image: "seed:1", restart: "no" }
  none: { image: "none:1", scale: 0 }
`

function convert(settings: string, environment: Record<string, string> = {}) {
  const files = memoryFiles({ '/shop/compose.yaml': compose, '/shop/landfall.yaml': settings })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment })
  const { project, projectDirectory, origins } = loaded
  if (project === undefined) throw new Error('the project does not load')
  const read = loadLandfallFile({
    ...{ files, projectDirectory, project, projectOrigins: origins },
    variables: environment,
  })
  const sources = new Map([...loaded.sources, ...read.sources])
  const result = convertProject({
    ...{ project, origins, projectDirectory, files, environment },
    settings: read.settings,
    settingsOrigins: read.origins,
    settingsSources: read.sources,
  })
  const diagnostics = [...read.diagnostics, ...result.diagnostics]
  const printed = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((one) => renderDiagnostic(one, sources))
  return { ...result, printed, checks: result.plan.checks }
}

test('names become those of the cluster, services become pods, and the line is kept', () => {
  const { checks, printed, bundle } = convert(`checks:
  api:
    within: 1m
    steps:
      - http: "http://My_Api:9000/a?b={{run}}"
        send: { a: 1 }
      - tcp: "www:81"
      - exec: { service: agent, command: [agent, status] }
        output: ok
`)
  expect(printed).toEqual([])
  expect(checks).toEqual([
    {
      name: 'api',
      source: 'landfall.yaml#/checks/api',
      at: 'landfall.yaml:2:3',
      withinMs: 60_000,
      steps: [
        {
          action: {
            ...{ kind: 'http', method: 'POST', url: 'http://my-api:9000/a?b={{run}}' },
            ...{ headers: {}, send: { json: { a: 1 } } },
          },
        },
        { action: { kind: 'tcp', host: 'www', port: 81 } },
        {
          action: {
            ...{ kind: 'command', service: 'agent', container: 'agent' },
            pods: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'shop' },
            command: ['agent', 'status'],
          },
          contains: 'ok',
        },
      ],
      secrets: [],
    },
  ])
  expect(bundle?.checks).toEqual(checks)
})

test('ports that only checks connect to are ports of the Services, unless these have every port; no object has the checks', () => {
  const settings = 'services: { My_Api: { ports: [8000] } }\n'
  const { bundle } = convert(
    `${settings}checks: { a: { http: "http://My_Api:9000/zebra" }, b: { tcp: "agent:1" } }\n`,
  )
  const portsOf = (name: string) =>
    bundle?.objects.get(`service/${name}`)?.spec.ports?.map(({ port }: { port: number }) => port)
  expect(portsOf('my-api')).toEqual([8000, 9000])
  expect(portsOf('agent')).toEqual(portsOf('none'))
  expect(JSON.stringify([...(bundle?.objects.values() ?? [])])).not.toContain('zebra')
})

test.each([
  ['{ http: "http://localhost:9000/" }', 'localhost is the test pod itself'],
  ['{ tcp: "127.0.0.1:9000" }', '127.0.0.1 is the test pod itself'],
  ['{ http: "http://ww:80/" }', 'no service of the project has the name ww'],
  ['{ exec: { service: seed, command: [a] } }', 'seed is a one-shot'],
  ['{ exec: { service: none, command: [a] } }', 'none has no pods'],
])('%s: %s', (check, message) => {
  const settings = 'services: { seed: { oneShot: true } }\n'
  const { printed, bundle } = convert(`${settings}checks:\n  a: ${check}\n`)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toMatch(/^landfall\.yaml:3:/)
  expect(printed[0]).toContain(message)
  expect(bundle).toBeUndefined()
})

test('hosts outside of the project are allowed', () => {
  const { printed } = convert(
    'external: { mail: { host: mail.example.com } }\nchecks: { a: { tcp: "mail:25" }, b: { dns: example.com } }\n',
  )
  expect(printed).toEqual([])
})

test('values of variables, headers that authorize and what looks secret are known as secrets', () => {
  const { checks, plan } = convert(
    `checks:
  a:
    http: "http://user:hunter22@web/\${PLACE}?token=zebra"
    headers: { Authorization: "Bearer literal-token", Accept: text/html, X-Api-Key: 12345678 }
    send: { name: anna, password: swordfish }
`,
    { PLACE: 'some-place' },
  )
  const secrets = checks[0]?.secrets ?? []
  for (const secret of ['some-place', 'literal-token', '12345678', 'swordfish', 'hunter22'])
    expect(secrets).toContain(secret)
  for (const open of ['anna', 'text/html', 'Bearer']) expect(secrets).not.toContain(open)
  const printed = renderPlan(plan)
  expect(printed).toContain('checks\n  a  POST http://web/some-place\n')
  expect(printed).not.toMatch(/hunter22|zebra|literal|swordfish/)
})
