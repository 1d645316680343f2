import { readFileSync } from 'node:fs'
import { composeCodes } from '@landfall/compose'
import { adaptationPage, convertCodes, listAdaptations } from '@landfall/convert'
import { imageCodes } from '@landfall/image'
import { cliCodes } from '../codes.ts'

/** Every code of a diagnostic with the line that documents it. */
const diagnosticCodes: Readonly<Record<string, string>> = {
  ...composeCodes,
  ...convertCodes,
  ...imageCodes,
  ...cliCodes,
}

/** Pages whose sections are what the tool can print. */
const SECTIONED = ['ledger', 'verdict', 'exit-codes'] as const

/** Something that the tool can print, and the page that documents it. */
export interface Page {
  /** As it is asked for. */
  names: string[]
  kind: 'adaptation' | 'diagnostic' | (typeof SECTIONED)[number]
  /** One line. */
  title: string
  text(): string
}

/** Everything that can be explained. */
export function listPages(): Page[] {
  return [
    ...listAdaptations().map(
      ({ id, title }): Page => ({
        names: [id],
        kind: 'adaptation',
        title,
        text: () => adaptationPage(id),
      }),
    ),
    ...SECTIONED.flatMap(sectionsOf),
    ...Object.entries(diagnosticCodes).map(
      ([code, line]): Page => ({
        names: [code],
        kind: 'diagnostic',
        title: line,
        text: () => `# ${code}\n\n${line}\n`,
      }),
    ),
  ]
}

/** A page of docs/, one entry for each of its second headings, which may hold several names. */
function sectionsOf(kind: (typeof SECTIONED)[number]): Page[] {
  const file = new URL(`../../../../docs/${kind}.md`, import.meta.url)
  return readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...body] = section.split('\n')
      const text = body.join('\n').trim()
      return {
        names: heading.split(', '),
        kind,
        title: text.split(/(?<=[.:])\s/)[0]?.replaceAll('\n', ' ') ?? '',
        text: () => `# ${heading}\n\n${text}\n`,
      }
    })
}

/**
 * The pages that a word of our output means: the same name, the same with another number (`exited with code 3`), the
 * end of a code (`unknown-key`), or a text that begins with a name (`waiting for job/migrate: not complete`).
 */
export function findPages(word: string, pages: readonly Page[]): Page[] {
  const wanted = plain(word)
  const by = (fits: (name: string) => boolean): Page[] =>
    pages.filter(({ names }) => names.some((name) => fits(plain(name))))
  const steps: ((name: string) => boolean)[] = [
    (name) => name === wanted,
    (name) => name === wanted.replace(/\d+/g, 'n'),
    (name) => name.endsWith(`/${wanted}`),
    (name) => wanted.startsWith(`${name} `),
  ]
  for (const step of steps) {
    const found = by(step)
    if (found.length > 0) return found
  }
  return []
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
}
