import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromPointer, type Origin } from '@landfall/diagnostic'
import { type ComposeCase, caseDirectory, readCases } from '@landfall/testkit/compose-oracle'
import { expect, test } from 'vitest'
import { dockerBytes } from './canonical/bytes.ts'
import { parseDuration, printDuration } from './canonical/duration.ts'
import { directoryOf, joinPath } from './files/paths.ts'
import { type LoadResult, loadProject, memoryFiles } from './index.ts'
import { nodeFiles } from './node-files.ts'
import { resolvePlain } from './source/scalar.ts'
import { asFloat32 } from './tree/go-print.ts'

/** Leaves of a project whose origin does not show where they come from, each with the text it points at. */
function unexplained({ project, origins, sources }: LoadResult): string[] {
  const wrong: string[] = []
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      for (const [key, child] of Object.entries(value))
        visit(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      return
    }
    const origin = origins.get(pointer)?.at(-1)
    if (origin === undefined) wrong.push(`${pointer} has no origin`)
    else if (origin.kind === 'file') {
      const { file, start, end } = origin.span
      const text = sources.get(file)?.slice(start, end) ?? ''
      if (!shows(text, value, fromPointer(pointer).at(-1) ?? '', origin))
        wrong.push(`${pointer} = ${JSON.stringify(value)} comes from ${JSON.stringify(text)}`)
    } else if ((origin.kind === 'env' ? origin.name : origin.rule) === '')
      wrong.push(`${pointer} comes from a ${origin.kind} without a name`)
  }
  for (const [key, value] of Object.entries(project ?? {})) visit(value, `/${key}`)
  return wrong
}

/** Whether a text holds a value, the key that it stands under, or the template that it was made from. */
function shows(
  text: string,
  value: unknown,
  key: string,
  origin: Extract<Origin, { kind: 'file' }>,
): boolean {
  if (origin.via === 'interpolation' && text.includes('$')) return true
  if (!/^\d+$/.test(key) && text.includes(key)) return true
  if (typeof value === 'object') return true // what is empty now was read as something else
  return (
    bare(text).includes(bare(String(value))) ||
    meanings(text).includes(String(value)) ||
    text.split(':').some((part) => leadsTo(bare(part), bare(String(value)))) ||
    // Put together: `a: [10.0.0.1]` is `a=10.0.0.1`.
    bare(String(value)).endsWith(bare(text.split(/[:=,]/).at(-1) ?? ''))
  )
}

/** Whether a path of a file can have become this absolute one. */
function leadsTo(path: string, absolute: string): boolean {
  const end = joinPath('/', path.replace(/^~/, ''))
  return path !== '' && absolute.startsWith('/') && absolute.endsWith(end === '/' ? '' : end)
}

/** Without what YAML and short forms put around and between the parts of a value. */
function bare(text: string): string {
  return text.replaceAll(/\\n|["'\\\s:=[\]]/g, '')
}

const words = new Map([
  ['yes', 'true'],
  ['on', 'true'],
  ['all', '-1'],
  ['if_not_present', 'missing'],
])

/** How the project may hold a text: as a number, a size, a duration, a file mode, a word, a name. */
function meanings(written: string): string[] {
  const text = written.replaceAll(/^["']|["']$/g, '')
  const { type, value } = resolvePlain(text)
  const options = text.split(':').slice(2).join().split(',')
  const duration = parseDuration(text)
  const bytes = dockerBytes(text)
  return [
    String(value),
    ...(bytes === undefined ? [] : [String(BigInt(bytes))]),
    ...(type === 'int' ? [`0${Number(value).toString(8)}`] : []),
    ...(type === 'int' || type === 'float' ? [String(asFloat32(Number(value)))] : []),
    ...(duration === undefined ? [] : [printDuration(duration)]),
    ...(options.includes('ro') || options.includes('nocopy') ? ['true'] : []),
    words.get(text) ?? text.toLowerCase().replaceAll(/[^a-z0-9_-]/g, ''),
  ]
}

/** Tables about the spelling of plain values, in which no text looks like what it means. */
const spellings =
  /^(?:annotations|environment-values|generated-yaml|labels|sysctls|yaml|yaml-styles)-/

test('every value of every case points at the text that it came from', () => {
  const cases = fileURLToPath(new URL('../cases', import.meta.url))
  const wrong = readCases(cases).flatMap(({ cases: set }) =>
    set.flatMap((one) =>
      spellings.test(one.name)
        ? []
        : unexplained(loadCase(one)).map((line) => `${one.name}: ${line}`),
    ),
  )
  expect(wrong).toEqual([])
})

function loadCase({ name, files, flags }: ComposeCase): LoadResult {
  const directory = caseDirectory(name)
  const contents = Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text])
  const workingDirectory = [directory, flags.directory].filter(Boolean).join('/')
  return loadProject({
    files: memoryFiles(Object.fromEntries(contents)),
    workingDirectory,
    environment: { HOME: '/home/x', PWD: workingDirectory, ...flags.environment },
    configFiles: flags.files ?? [],
    envFiles: flags.envFiles ?? [],
    profiles: ['*'],
  })
}

const corpus = fileURLToPath(new URL('../../../../shared/corpus/compose', import.meta.url))

function composeFilesBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) return composeFilesBelow(path)
    return /\.ya?ml$/.test(name) ? [path] : []
  })
}

test.skipIf(!existsSync(corpus))(
  'every value of every corpus project points at the text that it came from (skipped where the corpus is not there)',
  () => {
    const wrong = composeFilesBelow(corpus).flatMap((file) => {
      const result = loadProject({
        files: nodeFiles(),
        workingDirectory: directoryOf(file),
        environment: { HOME: '/home/x' },
        configFiles: [file],
        profiles: ['*'],
      })
      return unexplained(result).map((line) => `${file}: ${line}`)
    })
    expect(wrong).toEqual([])
  },
)
