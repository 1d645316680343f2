import type { Build } from '@landfall/compose'
import type { ImageBuild } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { UNREAD } from '../../facts/images.ts'
import type { PullPolicy } from '../../plan/plan.ts'

const id = 'images-and-builds'

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
  const { compose, plan, note, image } = service
  const unknown =
    image === UNREAD || image.unknown === undefined
      ? ''
      : `; what it says of itself is not known: ${image.unknown}`
  if (compose.image !== undefined)
    note(id, ['image'], 'kept', `the image of the container${unknown}`)
  if (compose.build !== undefined) {
    plan.build = toImageBuild(service, compose.build)
    for (const key of Object.keys(compose.build))
      if (BUILT.has(key))
        note(id, ['build', key], 'adapted', `builds ${plan.image} before it is deployed`)
      else note(id, ['build', key], 'dropped', 'this option of the build is not converted yet')
  }
  plan.pullPolicy = policyOf(compose.pull_policy) ?? plan.pullPolicy
  if (compose.pull_policy !== undefined)
    note(
      id,
      ['pull_policy'],
      policyOf(compose.pull_policy) === undefined ? 'ignored' : 'kept',
      `imagePullPolicy ${policyOf(compose.pull_policy) ?? 'IfNotPresent'}`,
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
  id,
  title: 'Name the image of each service and the images that have to be built',
  plan({ services }) {
    for (const service of services) planService(service)
  },
} satisfies Adaptation
