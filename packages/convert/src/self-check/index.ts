import { adaptations } from '../adaptations/index.ts'
import { type BundleDraft, startBundle } from '../objects/bundle-draft.ts'
import { containerRule } from './containers.ts'
import type { Finding, Objects, Rule } from './finding.ts'
import { gateRule } from './gates.ts'
import { metadataRule } from './metadata.ts'
import { referenceRule } from './references.ts'
import { schemaRule } from './schema.ts'
import { serviceRule } from './services.ts'
import { sizeRule } from './sizes.ts'

const rules: readonly Rule[] = [
  schemaRule,
  metadataRule,
  containerRule,
  referenceRule,
  serviceRule,
  sizeRule,
  gateRule,
]

/** Everything that an API server would have against the objects. */
export function check(objects: Objects): Finding[] {
  return rules.flatMap((rule) => rule(objects))
}

/** Throws when conversion has made what no cluster takes: whatever the project says, that is a bug of ours. */
export function selfCheck(draft: BundleDraft): void {
  const [finding] = check(seen(draft))
  if (finding === undefined) return
  const { object, at, message } = finding
  throw new Error(
    `conversion made something that no cluster takes: ${object}${at}: ${message} (made by ${blamed(finding, draft.plan)})`,
  )
}

function seen({ objects, plan }: BundleDraft): Objects {
  const outside = new Set<string>()
  for (const { account, accountIsGiven } of plan.pods)
    if (accountIsGiven === true) outside.add(`serviceaccount/${account}`)
  for (const { claim, external } of plan.volumes)
    if (external) outside.add(`persistentvolumeclaim/${claim}`)
  for (const {
    files,
    fileValues,
    secretReferences,
    gates,
    oneShot,
    before,
    sql,
  } of plan.services) {
    for (const { from, external } of files)
      if (external !== undefined)
        outside.add(`${from === 'secret' ? 'secret' : 'configmap'}/${external}`)
    for (const { secret } of Object.values(secretReferences)) outside.add(`secret/${secret}`)
    const sent = [...(before ?? []).flatMap((step) => ('sql' in step ? step.sql : [])), sql ?? []]
    const checks = oneShot?.check === undefined ? [] : [oneShot.check]
    for (const { login } of [...gates, ...checks, ...sent.flat()])
      for (const value of [login?.user, login?.password])
        if (value !== undefined && 'secret' in value) outside.add(`secret/${value.secret}`)
    for (const value of fileValues) if ('secret' in value) outside.add(`secret/${value.secret}`)
  }
  return { all: objects, outside }
}

/** The adaptation after which the finding is there for good; everything is built once more to see it. */
function blamed(finding: Finding, plan: BundleDraft['plan']): string {
  const draft = startBundle(plan)
  const isThere = () =>
    check(seen(draft)).some(
      ({ object, at, message }) =>
        object === finding.object && at === finding.at && message === finding.message,
    )
  let culprit = 'the bare workloads'
  let before = isThere()
  for (const { id, build } of adaptations) {
    build?.(draft)
    const now = isThere()
    if (now && !before) culprit = `the adaptation ${id}`
    before = now
  }
  return culprit
}
