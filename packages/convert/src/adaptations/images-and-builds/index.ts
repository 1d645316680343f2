import { ownValue } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { UNREAD } from '../../facts/images/known-image.ts'
import type { PullPolicy } from '../../plan/plan.ts'
import { planBuild } from './build.ts'
import { declareImages } from './parameters.ts'
import { reason } from './reasons.ts'

/** Compose's words for when to pull; those that are absent leave the cluster's nodes as they are. */
const PULL: Readonly<Record<string, PullPolicy>> = {
  always: 'Always',
  never: 'Never',
  missing: 'IfNotPresent',
  if_not_present: 'IfNotPresent',
}

function planService(conversion: Conversion, service: ServiceConversion): void {
  const { compose, plan, note, add, image } = service
  if (compose.image !== undefined) {
    add(['image'], reason('image'))
    if (image !== UNREAD && image.unknown !== undefined)
      add(
        ['image'],
        reason(image.from === 'table' ? 'well-known' : 'unknown-metadata', { why: image.unknown }),
      )
  }
  if (image.from === 'table') plan.imageFrom = 'table'
  if (compose.build !== undefined) planBuild(conversion, service, compose.build)
  plan.pullPolicy = policyOf(compose.pull_policy) ?? plan.pullPolicy
  if (compose.pull_policy === undefined) return
  const policy = policyOf(compose.pull_policy)
  note(
    ['pull_policy'],
    policy === undefined ? reason('default-pull-policy') : reason('pull-policy', { policy }),
  )
}

function policyOf(policy: unknown): PullPolicy | undefined {
  return typeof policy === 'string' ? ownValue(PULL, policy) : undefined
}

export default {
  id: 'images-and-builds',
  reasons: reason,
  title: 'Name the image of each service and the images to build',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
  },
  build: declareImages,
} satisfies Adaptation
