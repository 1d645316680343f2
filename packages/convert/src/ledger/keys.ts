import type { KeyAnswer, KeyRule, KeyRules } from './keys/key-rule.ts'
import { projectKeys } from './keys/project.ts'
import { deployKeys, serviceKeys } from './keys/services.ts'

/** Who answers for each key of the Compose schema. One line a key: nothing is claimed twice, nothing by nobody. */
export const keyRules: KeyRules = { ...projectKeys, ...serviceKeys, ...deployKeys }

interface Branch {
  rule?: KeyRule
  readonly below: Map<string, Branch>
}

const root = grow()

function grow(): Branch {
  const top: Branch = { below: new Map() }
  for (const [path, rule] of Object.entries(keyRules)) {
    let branch = top
    for (const key of path.split('.')) {
      const next = branch.below.get(key) ?? { below: new Map() }
      branch.below.set(key, next)
      branch = next
    }
    branch.rule = rule
  }
  return top
}

/** The rule that covers a path of the project or of the schema, and whether keys below it have rules of their own. */
export function ruleAt(path: readonly string[]): { rule: KeyRule | undefined; divided: boolean } {
  let branch: Branch | undefined = root
  let rule: KeyRule | undefined
  for (const key of path) {
    branch = branch?.below.get(key) ?? branch?.below.get('*')
    if (branch === undefined) return { rule, divided: false }
    rule = branch.rule ?? rule
  }
  return { rule, divided: branch !== undefined && branch.below.size > 0 }
}

const EXTENSION: KeyAnswer = {
  code: 'no-meaning',
  outcome: 'ignored',
  reason: 'an extension of other tools',
}

const SAYS_NOTHING: KeyAnswer = { code: 'no-meaning', outcome: 'ignored', reason: 'says nothing' }

const UNANSWERED: KeyAnswer = {
  code: 'not-converted',
  outcome: 'dropped',
  reason: 'is not converted',
  dangerous: true,
  hint: 'accept it if the program works without',
}

/** What the ledger says of a key that no adaptation has answered for. */
export function answerFor(path: readonly string[], value: unknown): KeyAnswer {
  if (path.at(-1)?.startsWith('x-') === true) return EXTENSION
  const { rule } = ruleAt(path)
  const empty =
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  if (empty) return SAYS_NOTHING
  return rule !== undefined && 'answer' in rule ? rule.answer : UNANSWERED
}
