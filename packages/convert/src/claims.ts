import type { Claim, Claims, Verdict } from './claims/claim.ts'
import { projectClaims } from './claims/project.ts'
import { deployClaims, serviceClaims } from './claims/services.ts'

/** Who answers for each key of the Compose schema. One line a key: nothing is claimed twice, nothing by nobody. */
export const claims: Claims = { ...projectClaims, ...serviceClaims, ...deployClaims }

interface Branch {
  claim?: Claim
  readonly below: Map<string, Branch>
}

const root = grow()

function grow(): Branch {
  const top: Branch = { below: new Map() }
  for (const [path, claim] of Object.entries(claims)) {
    let branch = top
    for (const key of path.split('.')) {
      const next = branch.below.get(key) ?? { below: new Map() }
      branch.below.set(key, next)
      branch = next
    }
    branch.claim = claim
  }
  return top
}

/** The claim that covers a path of the project or of the schema, and whether keys below it have claims of their own. */
export function claimAt(path: readonly string[]): { claim: Claim | undefined; divided: boolean } {
  let branch: Branch | undefined = root
  let claim: Claim | undefined
  for (const key of path) {
    branch = branch?.below.get(key) ?? branch?.below.get('*')
    if (branch === undefined) return { claim, divided: false }
    claim = branch.claim ?? claim
  }
  return { claim, divided: branch !== undefined && branch.below.size > 0 }
}

const EXTENSION: Verdict = {
  code: 'no-meaning',
  outcome: 'ignored',
  reason: 'an extension of other tools',
}

const SAYS_NOTHING: Verdict = { code: 'no-meaning', outcome: 'ignored', reason: 'says nothing' }

const UNANSWERED: Verdict = {
  code: 'not-converted',
  outcome: 'dropped',
  reason: 'is not converted',
  dangerous: true,
  hint: 'accept it if the program works without',
}

/** What the ledger says of a key that no adaptation has answered for. */
export function verdictOn(path: readonly string[], value: unknown): Verdict {
  if (path.at(-1)?.startsWith('x-') === true) return EXTENSION
  const { claim } = claimAt(path)
  const empty =
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  if (empty) return SAYS_NOTHING
  return claim !== undefined && 'verdict' in claim ? claim.verdict : UNANSWERED
}
