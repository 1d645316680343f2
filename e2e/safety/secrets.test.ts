import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { eventually, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// A deployment of a project with secrets: no object but Secrets has them, and no command prints them.

const SECRET = 'Planted-b7f3-0c55'
const namespace = testNamespace('e2e-secrets')
const directory = await mkdtemp(`${tmpdir()}/landfall-secrets-`)
afterAll(() => rm(directory, { recursive: true, force: true }))

async function writeProject(program: string, secret = SECRET): Promise<void> {
  const files = {
    '.env': `SECRET=${secret}\n`,
    token: `${secret}\n`,
    'app.conf': `listen = 80\npassword = ${secret}\n`,
    'compose.yaml': `name: planted
services:
  app:
    image: busybox:1.35.0
    command: ["sh", "-c", '${program}']
    environment: { APP_PASSWORD: "\${SECRET}", DATABASE_URL: "postgres://app:\${SECRET}@db/app" }
    volumes: [./app.conf:/etc/app.conf:ro]
    secrets: [token]
    stop_grace_period: 1s
secrets: { token: { file: ./token } }
`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(`${directory}/${name}`, text)
}

/** Neither as it is nor as Kubernetes writes it into Secrets. */
function expectNoSecret(...texts: string[]): void {
  for (const text of texts)
    for (const form of [SECRET, btoa(SECRET), btoa(`${SECRET}\n`)]) expect(text).not.toContain(form)
}

async function landfall(command: string, args: string[] = [], code = 0): Promise<string> {
  const texts = []
  for (const output of [[], ['--output', 'json']]) {
    if (command === 'down' && output.length > 0) continue
    const finished = await landfallOnCluster(
      namespace,
      command,
      [directory, ...args, ...output],
      code,
    )
    texts.push(finished.stdout, finished.stderr)
  }
  expectNoSecret(...texts)
  return texts.join('\n')
}

const waits = 'grep -q "$$(cat /run/secrets/token)" /etc/app.conf && sleep 1d'

test('no object but Secrets has a secret, and `up`, `status` and `logs` print none', async () => {
  keepOnFailure(namespace)
  await writeProject(waits)
  await landfall('up')
  await landfall('status')
  await landfall('logs')
  const kinds = 'deployments,replicasets,pods,configmaps,services,serviceaccounts,events'
  expectNoSecret(await namespace.kubectl(['get', kinds, '-o', 'yaml', '--show-managed-fields']))
  expect(await namespace.kubectl(['get', 'secrets', '-o', 'yaml'])).toContain(btoa(SECRET))
})

test('a changed secret replaces the pod, and nothing else does', async () => {
  keepOnFailure(namespace)
  const pod = async () => (await namespace.list('pods', 'app.kubernetes.io/name=app'))[0]
  const before = (await pod()).metadata.uid
  await landfall('up')
  expect((await pod()).metadata.uid).toBe(before)
  await writeProject(waits, `${SECRET}-2`)
  await landfall('up')
  await writeProject(waits)
  // the new pod is ready before the old one has ended
  const uids = async () => (await namespace.list('pods')).map(({ metadata }) => metadata.uid)
  await eventually(60_000, async () => expect(await uids()).not.toContain(before))
})

test('a program that prints its password and ends: the verdict quotes it without the password', async () => {
  keepOnFailure(namespace)
  await writeProject('echo "cannot log in with $$APP_PASSWORD"; exit 1')
  expect(await landfall('up', ['--timeout', '60s'], 1)).toContain('cannot log in with ***')
  await landfall('down')
})
