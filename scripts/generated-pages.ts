import { readFileSync } from 'node:fs'
import { composeCodes } from '../packages/compose/src/codes.ts'
import { adaptations } from '../packages/convert/src/adaptations/index.ts'
import { convertCodes } from '../packages/convert/src/codes.ts'
import { imageCodes } from '../packages/image/src/codes.ts'

const ADAPTATIONS = '../packages/convert/src/adaptations/'

/** The pages of docs/ that are made from the code, by name. */
export function generatedPages(): Map<string, string> {
  return new Map([
    ['adaptations.md', adaptationsPage()],
    ['diagnostics.md', diagnosticsPage()],
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
