import { toPointer } from '@landfall/diagnostic'
import { imageParts } from '@landfall/kube'
import type { BundleDraft, ContainerDraft } from '../../objects/bundle-draft.ts'
import { type DeclaredParameter, declare } from '../../objects/parameters.ts'

/** Of the name of an image. https://github.com/distribution/reference/blob/main/regexp.go */
const IMAGE_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['repository', 'tag', 'digest', 'pullPolicy'],
  properties: {
    repository: { type: 'string', pattern: '^[^\\s@]+$' },
    tag: { type: 'string', pattern: '^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$' },
    digest: { type: 'string', pattern: '^(?:sha256:[0-9a-f]{64})?$' },
    pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
  },
}

/** The image of each service, wherever one of its containers has it, and those in which the small work beside the programs is done. */
export function declareImages({ plan, parameters, workloads }: BundleDraft): void {
  for (const { containers } of workloads)
    for (const draft of containers) {
      const declared = declaredOf(draft, plan.images)
      if (declared === undefined) continue
      const { container } = draft
      declare(parameters, {
        ...declared,
        default: { ...imageParts(draft.plan.image), pullPolicy: draft.plan.pullPolicy },
        schema: IMAGE_SCHEMA,
        at: [
          { in: container, key: 'image', as: 'image' },
          { in: container, key: 'imagePullPolicy', part: 'pullPolicy' },
        ],
      })
    }
}

type Named = Pick<DeclaredParameter, 'path' | 'description' | 'origin'>

function declaredOf(
  { plan: { image, pullPolicy, phase }, service }: ContainerDraft,
  images: { gate: string; tools: string },
): Named | undefined {
  const isSmall = phase !== 'program' && (image === images.gate || image === images.tools)
  if (!isSmall && image === service.image && pullPolicy === service.pullPolicy)
    return {
      path: ['services', service.service, 'image'],
      description:
        service.build === undefined
          ? 'the image of the program'
          : 'the image of the program, which the project builds',
      origin: toPointer([
        'services',
        service.service,
        service.build === undefined ? 'image' : 'build',
      ]),
    }
  if (image === images.gate)
    return { path: ['images', 'gate'], description: 'has sh and curl: waits for what a pod needs' }
  if (image === images.tools)
    return { path: ['images', 'tools'], description: 'has a static busybox: fills volumes' }
  return undefined
}
