import { fileURLToPath } from 'node:url'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { resolveBundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convertProject } from '../convert.ts'
import { renderLedger } from '../ledger/render-ledger.ts'
import { loadLandfallFile } from '../settings/load.ts'

const directory = fileURLToPath(new URL('../../../cli/cases/planted-secret', import.meta.url))

/** What the project has in every place that can hold a secret. */
const SECRETS = ['PLANTED-b7f3', 'PLANTEDb7f3']

function converted() {
  const files = nodeFiles()
  const environment = { HOME: '/nobody', SHELL_SECRET: 'PLANTED-b7f3' }
  const loaded = loadProject({ files, workingDirectory: directory, environment })
  const { project, origins, projectDirectory, sources } = loaded
  if (project === undefined) throw new Error('the project does not load')
  const { settings, origins: settingsOrigins } = loadLandfallFile({
    files,
    projectDirectory,
    project,
    projectOrigins: origins,
  })
  return convertProject({
    project,
    origins,
    projectDirectory,
    files,
    sources,
    settings,
    settingsOrigins,
    environment: loaded.environment,
  })
}

/** The places of an object that hold a secret, the last names of their paths. */
function leaks(value: unknown, path: string[] = []): string[] {
  if (typeof value === 'string')
    return SECRETS.some((secret) => value.includes(secret)) ? [path.join('.')] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) =>
    leaks(one, Array.isArray(value) ? path : [...path, key]),
  )
}

test('secrets are in Secrets, and in the places that a finding names', () => {
  const { bundle, diagnostics } = converted()
  const places = new Map<string, string[]>()
  for (const [role, object] of resolveBundle(bundle ?? never())) {
    const found = object.kind === 'Secret' ? [] : [...new Set(leaks(object))]
    if (found.length > 0)
      places.set(
        role,
        found.map((path) => path.split('.').slice(-3).join('.')),
      )
  }
  expect(Object.fromEntries(places)).toMatchInlineSnapshot(`
    {
      "configmap/landfall-gates": [
        "data.waits-setup",
      ],
      "deployment/api": [
        "metadata.annotations.note/key",
        "metadata.annotations.secret",
        "auth.basicauth.users",
        "spec.containers.command",
        "spec.containers.args",
        "startupProbe.exec.command",
        "readinessProbe.exec.command",
        "postStart.exec.command",
        "preStop.exec.command",
      ],
      "deployment/credentials": [
        "startupProbe.httpGet.path",
        "readinessProbe.httpGet.path",
      ],
      "deployment/db": [
        "startupProbe.exec.command",
        "readinessProbe.exec.command",
      ],
      "deployment/tokens": [
        "metadata.annotations.note",
        "metadata.annotations.users",
        "spec.containers.args",
        "startupProbe.exec.command",
        "readinessProbe.exec.command",
      ],
      "job/setup": [
        "spec.containers.args",
      ],
    }
  `)
  expect(
    diagnostics
      .filter(({ code }) => code.startsWith('convert/secret-'))
      .map(({ path, message }) => `${path} ${message}`),
  ).toMatchInlineSnapshot(`
    [
      "/services/api/entrypoint every user who may read pods can read a secret: entrypoint (a value that is secret elsewhere), command (a value for password), healthcheck.test (a password), post_start.0 (a value that is secret elsewhere), pre_stop.0 (a value that is secret elsewhere), labels.secret (a value that is secret elsewhere), labels.traefik.http.middlewares.auth.basicauth.users (passwords of users), annotations.note/key (a value that is secret elsewhere)",
      "/services/api/build/args/NPM_TOKEN the image keeps a secret of its build: NPM_TOKEN (by its name)",
      "/services/credentials/healthcheck/test every user who may read pods can read a secret: healthcheck.test (a URL with a password), ready (a value that is secret elsewhere)",
      "/services/db/healthcheck/test every user who may read pods can read a secret: healthcheck.test (a value for PGPASSWORD)",
      "/services/setup/command every user who may read pods can read a secret: command (a URL with a password), waitsFor (a URL with a password)",
      "/services/tokens/command every user who may read pods can read a secret: command (a GitHub token), healthcheck.test (a password), labels.note (a Stripe key), labels.users (a password hash)",
    ]
  `)
})

test('neither the ledger nor a diagnostic has one', () => {
  const { ledger, diagnostics } = converted()
  for (const text of [renderLedger(ledger), JSON.stringify([ledger, diagnostics])])
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
})

function never(): never {
  throw new Error('the project does not convert')
}
