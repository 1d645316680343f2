import { toPointer } from '@landfall/diagnostic'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { VolumePlan } from '../../plan/plan.ts'

/** A name of an object, or nothing. */
const NAME_OR_NOTHING = {
  type: 'string',
  pattern: '^(?:[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$',
}

/** The sizes and the classes of the claims that the bundle has, and the names of those to use instead. */
export function declareClaims(draft: BundleDraft, plans: readonly VolumePlan[]): void {
  const uses = new Map<string, object[]>()
  for (const { volumes } of draft.workloads)
    for (const { plan, volume } of volumes)
      if (plan.claim !== undefined)
        uses.set(plan.claim, [
          ...(uses.get(plan.claim) ?? []),
          volume.persistentVolumeClaim as object,
        ])
  for (const plan of plans) declareClaim(draft, plan, uses.get(plan.claim) ?? [])
}

function declareClaim(
  { parameters, objects }: BundleDraft,
  plan: VolumePlan,
  uses: readonly object[],
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
  if (uses.length === 0) return
  declare(parameters, {
    path: ['volumes', volume, 'existingClaim'],
    default: '',
    schema: NAME_OR_NOTHING,
    description: 'a claim of the namespace to use instead',
    at: uses.map((use) => ({ in: use, key: 'claimName', as: 'instead' })),
    replaces: [object],
  })
}
