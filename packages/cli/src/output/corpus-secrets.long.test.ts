import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadProject, type Project } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

// No password of a project is in a ConfigMap, a plan or a ledger. What a password is, is decided here without the code that decides it for a conversion.

const own = fileURLToPath(new URL('../../../../e2e/corpus', import.meta.url))
const shared = fileURLToPath(new URL('../../../../../shared/corpus/compose', import.meta.url))

const projects = [own, shared]
  .filter((directory) => existsSync(directory))
  .flatMap((directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(directory, name)),
  )

const PASSWORD_NAME = /(^|[_.-])(password|passwd|pass|pwd)$/i

/** `"password": "mypass"`, `password: mypass`, `db.password=mypass`. */
const IN_FILES = /["']?[\w.-]*(?:password|passwd)["']?\s*[:=]\s*["']?([^\s"',}]+)["']?/gi

/** What stands in the place of a password, and words that are names of other things as well. */
function isPassword(value: string, project: Project): boolean {
  return (
    value.length >= 6 &&
    !/^(\$|\/|true$|false$|null$|none$|change)/i.test(value) &&
    !isOrdinary(value, project)
  )
}

/** A word that is a name in the project as well: `postgres` as user, database, image and password. */
function isOrdinary(value: string, project: Project): boolean {
  if (!/^[a-z]+$/i.test(value)) return false
  const { services } = project
  const words = Object.entries(services).flatMap(([name, { image = '', environment = {} }]) => [
    name,
    ...image.split(/[^a-z]+/i),
    ...Object.entries(environment).flatMap(([variable, text]) =>
      PASSWORD_NAME.test(variable) ? variable.toLowerCase().split('_') : (text ?? '').split(/\W+/),
    ),
  ])
  return [project.name, 'password', 'example', 'secret', ...words].includes(value)
}

/** Passwords of a project that its variables and its mounted files show. */
function passwordsOf(project: Project): Set<string> {
  const found = new Set<string>()
  const files = nodeFiles()
  for (const { environment, volumes } of Object.values(project.services)) {
    for (const [name, value] of Object.entries(environment ?? {}))
      if (PASSWORD_NAME.test(name) && value !== null) found.add(value)
    for (const { type, source = '' } of volumes ?? []) {
      if (type !== 'bind' || files.stat(source)?.kind !== 'file') continue
      if (!/\.(json|ya?ml|toml|ini|conf|cfg|properties|env|xml)$/.test(source)) continue
      const text = Buffer.from(files.read(source) ?? []).toString('utf8')
      for (const [, value = ''] of text.matchAll(IN_FILES)) found.add(value)
    }
  }
  return new Set([...found].filter((value) => isPassword(value, project)))
}

const out = mkdtempSync(join(tmpdir(), 'landfall-corpus-'))
afterAll(() => rmSync(out, { recursive: true }))

test.each(projects)('%s', async (directory) => {
  const { project } = loadProject({
    files: nodeFiles(),
    workingDirectory: directory,
    environment: {},
  })
  if (project === undefined) return
  const passwords = [...passwordsOf(project)]
  const found = (text: string) => passwords.filter((password) => text.includes(password))
  const landfall = async (...args: string[]) => {
    const { terminal, printed } = quietTerminal(directory)
    await run([...args, '--offline'], { ...terminal, env: {} })
    return `${printed.stdout}\n${printed.stderr}`
  }
  expect(found(await landfall('plan')), 'plan').toEqual([])
  expect(found(await landfall('plan', '--output', 'json')), 'plan as JSON').toEqual([])
  const objects = join(out, basename(directory))
  const ledger = join(out, 'ledger.json')
  const converted = await landfall('convert', '-o', objects, '--ledger', ledger)
  expect(found(converted), 'convert').toEqual([])
  if (!existsSync(objects)) return
  expect(found(readFileSync(ledger, 'utf8')), 'the ledger').toEqual([])
  for (const file of readdirSync(objects).filter((name) => name.startsWith('configmap-')))
    expect(found(readFileSync(join(objects, file), 'utf8')), file).toEqual([])
})
