import { readFileSync } from 'node:fs'
import { cliCodes } from '../packages/cli/src/codes.ts'
import { composeCodes } from '../packages/compose/src/codes.ts'
import { containerizeCodes } from '../packages/containerize/src/codes.ts'
import { adaptations } from '../packages/convert/src/adaptations/index.ts'
import { convertCodes } from '../packages/convert/src/codes.ts'
import type { KeyRule } from '../packages/convert/src/ledger/keys/key-rule.ts'
import { keyRules } from '../packages/convert/src/ledger/keys.ts'
import { listCauses, listReasons } from '../packages/convert/src/pages.ts'
import { listExplanations } from '../packages/deploy/src/explanations.ts'
import { imageCodes } from '../packages/image/src/codes.ts'
import { generatedSchemas } from './generated-schemas.ts'
import { landfallPage } from './landfall-page.ts'
import { landfallSchema } from './landfall-schema.ts'

const GENERATED = '<!-- made by `npm run docs` -->'

const ADAPTATIONS = '../packages/convert/src/adaptations/'

/** The files of docs/ that are generated from the code, by name. */
export function generatedPages(): Map<string, string> {
  return new Map([
    ['adaptations.md', adaptationsPage()],
    ['diagnostics.md', diagnosticsPage()],
    ['keys.md', keysPage()],
    ['landfall-yaml.md', landfallPage(GENERATED)],
    ['../packages/convert/schema/landfall.schema.json', landfallSchema()],
    ['ledger-codes.md', ledgerCodesPage()],
    ['plan-codes.md', planCodesPage()],
    ['verdict.md', verdictPage()],
    ...generatedSchemas(),
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
  const rows = Object.entries({
    ...composeCodes,
    ...containerizeCodes,
    ...convertCodes,
    ...imageCodes,
    ...cliCodes,
  }).map(([code, line]) => `| \`${code}\` | ${line.replaceAll('|', '\\|')} |`)
  return page(
    'Diagnostics',
    'Every code that Landfall reports about a project, with what it means. The place and what to do are printed with it. [Codes of failed deploys](verdict.md) have a page of their own.',
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
    'What becomes of each key of the Compose schema; a row includes the keys below it. The ledger has an entry for each key of a project, with the reason that applies there.',
    ['key', 'handled by, or what becomes of it'],
    rows,
  )
}

function planCodesPage(): string {
  const rows = listCauses().map(({ code, text }) => `| \`${code}\` | ${cell(text)} |`)
  return page(
    'Codes of the plan',
    'Every code of a reason in `landfall plan --output json`, with its text in `landfall plan`. `<name>` stands for a value of the project. The code begins with the [adaptation](adaptations.md) that decides; `landfall explain <code>` shows its page.',
    ['code', 'because'],
    rows,
  )
}

function ledgerCodesPage(): string {
  const rows = listReasons().map(({ code, outcome, dangerous, text, hint = '' }) => {
    const what = `${outcome}${dangerous === true && outcome === 'dropped' ? ', dangerous' : ''}`
    return `| \`${code}\` | ${what} | ${cell(text)} | ${cell(hint)} |`
  })
  return page(
    'Codes of the ledger',
    'Every code that an entry of the [ledger](ledger.md) can have, with its outcome, reason and hint. `<name>` stands for a value of the project. The code begins with the [adaptation](adaptations.md) that decides; `landfall explain <code>` shows its page.',
    ['code', 'outcome', 'reason', 'hint'],
    rows,
  )
}

/** A text in a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<')
}

function answerOf(rule: KeyRule): string {
  if ('by' in rule) return rule.by.map((id) => `[${id}](${ADAPTATIONS}${id}/README.md)`).join(', ')
  if ('loader' in rule) return `read by the loader: ${rule.loader}`
  const { outcome, dangerous, text } = rule.answer
  return `${outcome}${dangerous === true && outcome === 'dropped' ? ', dangerous' : ''}: ${text}`
}

function verdictPage(): string {
  const sections = listExplanations().map(({ names: [name, ...reasons], text }) => {
    const printed = reasons.map((reason) => `\`${reason}\``).join(', ')
    return `## ${name}\n\n${printed === '' ? '' : `Printed as ${printed}.\n\n`}${text}`
  })
  return `${[
    '# Events and the verdict',
    GENERATED,
    '`landfall up` prints what happens to each object and ends in a verdict: ready, or the first failure with its code, pod, container, reason, exit code, the last log lines and the line of the project that it comes from. These are the words that it prints; `landfall explain WORD` shows one.',
    ...sections,
  ].join('\n\n')}\n`
}

function page(title: string, intro: string, columns: string[], rows: string[]): string {
  const lines = [
    `# ${title}`,
    '',
    GENERATED,
    '',
    intro,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...rows,
  ]
  return `${lines.join('\n')}\n`
}
