import type { Build } from '@landfall/compose'
import type { ImageBuild } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { UNREAD } from '../../facts/images/known-image.ts'
import type { PullPolicy } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** Compose's words for when to pull; those that are absent leave the cluster's nodes as they are. */
const PULL: Readonly<Record<string, PullPolicy>> = {
  always: 'Always',
  never: 'Never',
  missing: 'IfNotPresent',
  if_not_present: 'IfNotPresent',
}

/** Keys of `build` that the bundle's builds carry. */
const BUILT = new Set(['context', 'dockerfile', 'dockerfile_inline', 'args', 'target'])

function planService(service: ServiceConversion): void {
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
  if (compose.build !== undefined) plan.build = toImageBuild(service, compose.build)
  plan.pullPolicy = policyOf(compose.pull_policy) ?? plan.pullPolicy
  for (const key of Object.keys(compose.build ?? {}))
    note(
      ['build', key],
      BUILT.has(key) ? reason('built', { image: plan.image }) : reason('build-option'),
    )
  if (compose.pull_policy === undefined) return
  const policy = policyOf(compose.pull_policy)
  note(
    ['pull_policy'],
    policy === undefined ? reason('default-pull-policy') : reason('pull-policy', { policy }),
  )
}

function policyOf(policy: unknown): PullPolicy | undefined {
  return typeof policy === 'string' ? PULL[policy] : undefined
}

function toImageBuild({ service, plan }: ServiceConversion, build: Build): ImageBuild {
  return {
    service,
    image: plan.image,
    context: build.context,
    ...(build.dockerfile === undefined
      ? {}
      : { dockerfile: inContext(build.context, build.dockerfile) }),
    ...(build.dockerfile_inline === undefined ? {} : { dockerfileInline: build.dockerfile_inline }),
    ...(build.target === undefined ? {} : { target: build.target }),
    args: build.args ?? {},
  }
}

/** Compose reads a relative path of a Dockerfile from the build context. */
function inContext(context: string, path: string): string {
  return path.startsWith('/') ? path : `${context}/${path}`
}

export default {
  id: 'images-and-builds',
  reasons: reason,
  title: 'Name the image of each service and the images to build',
  plan({ services }) {
    for (const service of services) planService(service)
  },
} satisfies Adaptation
