import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostileCluster, type Mode } from './cluster.ts'
import { generatedModes, modes } from './cluster-modes.ts'
import { measure, warmUp } from './measure.ts'

/** A program: runs the commands that reach a cluster against every hostile one, in the directory that it is called with. */
const [, , root = '.'] = process.argv

const SHORT = ['status -p demo -n demo', 'logs -p demo -n demo', 'down -p demo -n demo']
const AS_JSON = 'status -p demo -n demo --output json'
const UP = 'up . -p demo -n demo --offline --timeout 2s'

mkdirSync(root, { recursive: true })
writeFileSync(
  join(root, 'compose.yaml'),
  'services: { web: { image: i, ports: ["8080:80"] }, db: { image: i, expose: ["5432"] } }\n',
)

let count = 0

/** Runs a command on a server of its own; without a title it is not measured. */
async function on(title: string | undefined, mode: Mode, command: string): Promise<void> {
  const { url, stop } = await hostileCluster(mode)
  const kubeconfig = join(root, `kubeconfig-${count++}`)
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'hostile',
      contexts: [{ name: 'hostile', context: { cluster: 'hostile', user: 'me' } }],
      clusters: [{ name: 'hostile', cluster: { server: url } }],
      users: [{ name: 'me', user: {} }],
    }),
  )
  try {
    const env = { HOME: root, KUBECONFIG: kubeconfig }
    if (title === undefined) await warmUp(root, [command], env)
    else await measure(title, root, command, env)
  } finally {
    stop()
  }
}

/** They are waited for: one command shows it. */
const slow = /^a pause/

for (const command of [...SHORT, UP]) await on(undefined, () => false, command)
/** The commands at the same time, each on a server of its own: what is measured of one is then more than it takes. */
const all = (title: string, mode: Mode, commands: readonly string[]) =>
  Promise.all(commands.map((command) => on(title, mode, command)))

for (const [title, mode] of Object.entries(modes))
  await all(title, mode, slow.test(title) ? SHORT.slice(0, 1) : [...SHORT, AS_JSON, UP])
for (const [at, [title, mode]] of Object.entries(generatedModes(60)).entries())
  await all(title, mode, at % 10 === 0 ? [...SHORT, UP] : SHORT)
process.exit()
