import { readFileSync } from 'node:fs'
import { composeCodes } from '../packages/compose/src/codes.ts'
import { adaptations } from '../packages/convert/src/adaptations/index.ts'
import { convertCodes } from '../packages/convert/src/codes.ts'
import type { KeyRule } from '../packages/convert/src/ledger/keys/key-rule.ts'
import { keyRules } from '../packages/convert/src/ledger/keys.ts'
import { imageCodes } from '../packages/image/src/codes.ts'

const ADAPTATIONS = '../packages/convert/src/adaptations/'

/** The pages of docs/ that are made from the code, by name. */
export function generatedPages(): Map<string, string> {
  return new Map([
    ['adaptations.md', adaptationsPage()],
    ['diagnostics.md', diagnosticsPage()],
    ['keys.md', keysPage()],
  ])
}

function adaptationsPage(): string {
  const rows = adaptations.map(({ id, title }) => {
    const page = readFileSync(new URL(`${ADAPTATIONS}${id}/README.md`, import.meta.url), 'utf8')
    const [, lost = '–'] = /\*\*What is lost\.\*\* ([\s\S]*?)(?:\n\n|\n?$)/.exec(page) ?? []
    const cell = lost.replaceAll('\n', ' ').replaceAll('|', '\\|')
    return `| [${id}](${ADAPTATIONS}${id}/README.md) | ${title} | ${cell} |`
  })
  return page(
    'Adaptations',
    'Every way in which a project changes on its way to Kubernetes, in the order in which they decide. The ledger names them; `landfall explain <id>` shows the page of one.',
    ['adaptation', 'what it does', 'what is lost'],
    rows,
  )
}

function diagnosticsPage(): string {
  const rows = Object.entries({ ...composeCodes, ...convertCodes, ...imageCodes }).map(
    ([code, line]) => `| \`${code}\` | ${line.replaceAll('|', '\\|')} |`,
  )
  return page(
    'Diagnostics',
    'Every code that Landfall reports about a project, with what it means. Where it stands and what to do is printed with it.',
    ['code', 'what it means'],
    rows,
  )
}

function keysPage(): string {
  const rows = Object.entries(keyRules).map(
    ([path, rule]) => `| \`${path}\` | ${answerOf(rule).replaceAll('|', '\\|')} |`,
  )
  return page(
    'Keys of Compose',
    'What becomes of each key of the Compose schema; a line covers what lies below its key. The ledger says it for each key of a project, with the reason that holds there.',
    ['key', 'who answers for it, or what becomes of it'],
    rows,
  )
}

function answerOf(rule: KeyRule): string {
  if ('by' in rule) return rule.by.map((id) => `[${id}](${ADAPTATIONS}${id}/README.md)`).join(', ')
  if ('loader' in rule) return `read by the loader: ${rule.loader}`
  const { outcome, dangerous, text } = rule.answer
  return `${outcome}${dangerous === true && outcome === 'dropped' ? ', dangerous' : ''}: ${text}`
}

function page(title: string, intro: string, columns: string[], rows: string[]): string {
  const lines = [
    `# ${title}`,
    '',
    `<!-- made by \`npm run docs\` -->`,
    '',
    intro,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...rows,
  ]
  return `${lines.join('\n')}\n`
}
