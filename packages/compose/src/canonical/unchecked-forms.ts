import { displayPath, type Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { describeNode, type Node, spanOfNode, textOf } from '../tree/node.ts'
import { compileRules, pointerTo, type Rules, rulesAt, rulesForItems } from '../tree/rules.ts'

type Form = 'mapping' | 'list' | 'text' | 'integer' | 'null'

/** The forms that a value may have, its items where it is a list, and its values where it is a mapping. */
interface Forms {
  readonly forms?: readonly Form[]
  readonly items?: readonly Form[]
  readonly values?: readonly Form[]
  /** The key that a mapping must have. */
  readonly needs?: string
}

/**
 * Reports the values of which Docker Compose cannot make a long form, in a file that is only extended from: its services
 * do not have to fit the schema until one of them is extended, but all of them are read. False: something is wrong.
 */
export function checkForms(root: Node, report: Report): boolean {
  let fits = true
  visit(root, rules, '')
  return fits

  function visit(node: Node, inside: Rules<Forms> | undefined, pointer: string): void {
    if (inside === undefined) return
    const { forms, items, values, needs } = inside.rule ?? {}
    expect(node, pointer, forms)
    if (node.kind === 'map' && needs !== undefined && !node.entries.has(needs)) {
      fits = false
      reportProblem(report, {
        code: 'compose/missing-key',
        message: `${displayPath(pointer)} needs "${needs}"`,
        path: pointer,
        at: spanOfNode(node),
      })
    }
    if (node.kind === 'map')
      for (const [key, child] of node.entries) {
        const at = pointerTo(pointer, key)
        expect(child, at, values)
        visit(child, rulesAt(inside, key), at)
      }
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) {
        const at = pointerTo(pointer, index)
        expect(item, at, items)
        visit(item, rulesForItems(inside), at)
      }
  }

  function expect(node: Node, pointer: string, forms: readonly Form[] | undefined): void {
    const form = formOf(node)
    if (forms === undefined || (form !== undefined && forms.includes(form))) return
    fits = false
    reportProblem(report, {
      code: 'compose/wrong-type',
      message: `${displayPath(pointer)} must be ${forms.map((form) => names[form]).join(' or ')}, not ${describeNode(node)}`,
      path: pointer,
      at: spanOfNode(node),
    })
  }
}

const names: Readonly<Record<Form, string>> = {
  mapping: 'a mapping',
  list: 'a list',
  text: 'a text',
  integer: 'a whole number',
  null: 'empty',
}

function formOf(node: Node): Form | undefined {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'mapping' : 'list'
  if (textOf(node) !== undefined) return 'text'
  if (node.type === 'null') return 'null'
  return node.type === 'int' ? 'integer' : undefined
}

const text: Forms = { forms: ['text'] }
const texts: Forms = { items: ['text'] }
const entry: Forms = { forms: ['mapping', 'text'] }
const resource: Forms = { forms: ['mapping', 'null'] }

const rules: Rules<Forms> = compileRules<Forms>({
  'configs.*': resource,
  'include.*': entry,
  'networks.*': resource,
  'networks.*.labels': texts,
  'secrets.*': resource,
  'services.*.annotations': texts,
  'services.*.build': entry,
  'services.*.build.additional_contexts': { forms: ['mapping', 'list'], ...texts },
  'services.*.build.args': texts,
  'services.*.build.context': text,
  'services.*.build.labels': texts,
  'services.*.build.secrets.*': entry,
  'services.*.build.ssh': { forms: ['mapping', 'list'], ...texts },
  'services.*.build.tags': texts,
  'services.*.build.ulimits.*': { forms: ['mapping', 'integer'] },
  'services.*.cap_add': texts,
  'services.*.cap_drop': texts,
  'services.*.configs.*': entry,
  'services.*.configs.*.target': text,
  'services.*.depends_on': { forms: ['mapping', 'list'], ...texts, values: ['mapping'] },
  'services.*.deploy.labels': texts,
  'services.*.devices.*': entry,
  'services.*.dns': texts,
  'services.*.dns_opt': texts,
  'services.*.dns_search': texts,
  'services.*.env_file': { forms: ['list', 'text'] },
  'services.*.env_file.*': { needs: 'path' },
  'services.*.env_file.*.path': text,
  'services.*.environment': texts,
  'services.*.expose': { items: ['text', 'integer'] },
  'services.*.extends': entry,
  'services.*.gpus': { forms: ['list', 'text'] },
  'services.*.label_file.*': text,
  'services.*.labels': texts,
  'services.*.links': texts,
  'services.*.models': texts,
  'services.*.networks': texts,
  'services.*.networks.*.aliases': texts,
  'services.*.networks.*.link_local_ips': texts,
  'services.*.ports': { forms: ['list'], items: ['integer', 'text', 'mapping'] },
  'services.*.profiles': texts,
  'services.*.secrets.*': entry,
  'services.*.secrets.*.target': text,
  'services.*.sysctls': texts,
  'services.*.tmpfs': texts,
  'services.*.ulimits.*': { forms: ['mapping', 'integer'] },
  'services.*.volumes.*': entry,
  'volumes.*': resource,
})
