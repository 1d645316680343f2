import { toPointer } from '@landfall/diagnostic'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { VolumePlan } from '../../plan/plan.ts'

/** A name of an object, or nothing. */
const NAME_OR_NOTHING = {
  type: 'string',
  pattern: '^(?:[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$',
}

/** The size and the class of a claim that the bundle has, and the name of one to use instead. */
export function declareClaim(
  { parameters, objects, workloads }: BundleDraft,
  plan: VolumePlan,
): void {
  const { volume, claim, size } = plan
  const object = `persistentvolumeclaim/${claim}`
  if (!objects.has(object)) return
  const origin = toPointer(['volumes', volume])
  declare(parameters, {
    path: ['volumes', volume, 'size'],
    default: size,
    schema: {
      type: ['string', 'number'],
      pattern: '^[0-9]+(?:\\.[0-9]+)?(?:[kMGTPE]|[KMGTPE]i)?$',
      exclusiveMinimum: 0,
    },
    description: 'the storage that is requested',
    origin,
    at: [{ object, pointer: '/spec/resources/requests/storage' }],
  })
  declare(parameters, {
    path: ['volumes', volume, 'class'],
    default: plan.class ?? '',
    schema: NAME_OR_NOTHING,
    description: 'the StorageClass; the default class of the cluster where it is empty',
    at: [{ object, pointer: '/spec/storageClassName', as: 'optional' }],
  })
  const uses = workloads.flatMap(({ volumes }) =>
    volumes.flatMap((one) => (one.plan.claim === claim ? [one.volume.persistentVolumeClaim] : [])),
  )
  if (uses.length === 0) return
  declare(parameters, {
    path: ['volumes', volume, 'existingClaim'],
    default: '',
    schema: NAME_OR_NOTHING,
    description: 'a claim of the namespace to use instead',
    at: uses.map((use) => ({ in: use as object, key: 'claimName', as: 'instead' })),
    replaces: [object],
  })
}
