import { readFileSync } from 'node:fs'
import { composeCodes } from '@landfall/compose'
import { containerizeCodes } from '@landfall/containerize'
import {
  adaptationPage,
  convertCodes,
  listAdaptations,
  listCauses,
  listReasons,
} from '@landfall/convert'
import { listExplanations } from '@landfall/deploy'
import { imageCodes } from '@landfall/image'
import { cliCodes } from '../codes.ts'

/** Every code of a diagnostic with the line that documents it. */
const diagnosticCodes: Readonly<Record<string, string>> = {
  ...composeCodes,
  ...convertCodes,
  ...containerizeCodes,
  ...imageCodes,
  ...cliCodes,
}

/** Pages whose sections are what the tool can print. */
const SECTIONED = ['ledger', 'exit-codes'] as const

/** Something that the tool can print, and the page that documents it. */
export interface Page {
  /** Its name, then others under which it is found. */
  names: readonly [string, ...string[]]
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
        title,
        text: () => adaptationPage(id),
      }),
    ),
    ...SECTIONED.flatMap(sectionsOf),
    ...listExplanations().map(
      ({ names, text }): Page => ({
        names,
        title: firstSentence(text),
        text: () => `# ${names.join(', ')}\n\n${text}\n`,
      }),
    ),
    ...Object.entries(diagnosticCodes).map(
      ([code, line]): Page => ({
        names: [code],
        title: line,
        text: () => `# ${code}\n\n${line}\n`,
      }),
    ),
  ]
}

/** A page of docs/, one entry for each of its second headings. */
function sectionsOf(kind: (typeof SECTIONED)[number]): Page[] {
  const file = new URL(`../../../../docs/${kind}.md`, import.meta.url)
  return readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section): Page => {
      const [heading = '', ...body] = section.split('\n')
      const text = body.join('\n').trim()
      return {
        names: [heading],
        title: firstSentence(text),
        text: () => `# ${heading}\n\n${text}\n`,
      }
    })
}

function firstSentence(text: string): string {
  const [sentence = ''] = text.split(/(?<=\.)\s/)
  return sentence.replaceAll('\n', ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}

/**
 * The pages that a word of our output means: the same name, the same with another number (`exited with code 3`), the
 * end of a code (`unknown-key`), or a text that begins with a name (`waiting for job/migrate: not complete`). A code of
 * the ledger (`rollout/stops-first`) or the plan (`workload-kind/declared`) is on the page of its adaptation.
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
  const line = lineOf(wanted)
  if (line !== undefined) {
    const [owner = ''] = wanted.split('/')
    return by((name) => name === owner).map((page) => ({
      ...page,
      text: () => `# ${wanted}\n\n${line}\n\n${page.text()}`,
    }))
  }
  for (const step of steps) {
    const found = by(step)
    if (found.length > 0) return found
  }
  return []
}

/** What a code of the ledger or the plan says. */
function lineOf(code: string): string | undefined {
  const reason = listReasons().find((one) => one.code === code)
  if (reason !== undefined) return `${reason.outcome}: ${reason.text}`
  const cause = listCauses().find((one) => one.code === code)
  return cause && `because ${cause.text}`
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
}
