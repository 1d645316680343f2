import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generated } from './generated.ts'
import { measure, warmUp } from './measure.ts'
import { projects } from './projects.ts'

/** A program: runs the commands that read projects in every hostile one, below the directory that it is called with. */
const [, , root = '.'] = process.argv

/** A port of this machine that no program may listen on. */
const CLOSED = 'http://127.0.0.1:1'

writeFileSync(join(root, 'compose.yaml'), 'services: { s: { image: i } }\n')

const COMMANDS = [
  'check .',
  'plan . --offline',
  'config',
  'convert . --offline -o out --ledger ledger.json',
  'lock .',
  'init .',
]

/** No registry is reached: what is measured does not depend on the network, or on the user. */
const environment = { HOME: root, HTTP_PROXY: CLOSED, HTTPS_PROXY: CLOSED }

await warmUp(root, COMMANDS, environment)

for (const [at, [title, files]] of Object.entries({ ...projects, ...generated() }).entries()) {
  const directory = join(root, String(at))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const from = files['image.tar'] === undefined ? '' : ' --from image.tar'
  for (const command of COMMANDS)
    await measure(title, directory, command === 'lock .' ? command + from : command, environment)
  if (Object.keys(Object.prototype).length > 0) throw new Error(`${title}: Object.prototype`)
}
process.exit()
