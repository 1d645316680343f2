import type { KeyRule, KeyRules } from './keys/key-rule.ts'
import { projectKeys } from './keys/project.ts'
import { noMeaning, notConverted } from './keys/reasons.ts'
import { deployKeys, serviceKeys } from './keys/services.ts'
import type { Reason } from './reasons.ts'

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

/** The reason of a key for which no adaptation has an entry. */
export function answerFor(path: readonly string[], value: unknown): Reason {
  if (path.at(-1)?.startsWith('x-') === true) return noMeaning('extension')
  const { rule } = ruleAt(path)
  const empty =
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  if (empty) return noMeaning('empty')
  return rule !== undefined && 'answer' in rule ? rule.answer : notConverted('unknown-key')
}
