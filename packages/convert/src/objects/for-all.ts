import { Buffer } from 'node:buffer'
import { toPointer } from '@landfall/diagnostic'
import type { RoleId } from '@landfall/kube'
import type { BundleDraft } from './bundle-draft.ts'
import { entriesSchema } from './entries-schema.ts'
import { declareFurtherVariables } from './further-variables.ts'
import { declare } from './parameters.ts'
import { declarePublished } from './published.ts'

/** The name of a registry, and a path in it: one without a dot or a port would be a part of Docker Hub. */
const REGISTRY = '^(?:(?:localhost|[A-Za-z0-9-]*[.:][A-Za-z0-9.:-]*)(?:/[a-z0-9._-]+)*)?$'

/** What may be set on every object or every pod, and the content of Secrets that no adaptation has declared. */
export function declareForAll(draft: BundleDraft): void {
  declarePublished(draft)
  declareMetadata(draft)
  declarePods(draft)
  declareRegistry(draft)
  declareFurtherVariables(draft)
  declareContents(draft)
}

function declareMetadata({ parameters, ...draft }: BundleDraft): void {
  const objects = new Map([...draft.objects, ...draft.switches.flatMap((one) => [...one.objects])])
  for (const [field, what] of [
    ['labels', 'labels'],
    ['annotations', 'annotations'],
  ] as const)
    declare(parameters, {
      path: [field],
      default: {},
      schema: entriesSchema(
        [...objects.values()].map(({ metadata }) => metadata[field]),
        field === 'labels',
      ),
      description: `further ${what} of every object`,
      at: [...objects.keys()].map((object) => ({
        object,
        pointer: `/metadata/${field}`,
        as: 'entries',
      })),
    })
}

function declarePods({ objects, workloads, parameters }: BundleDraft): void {
  for (const { plan, pod, role } of workloads)
    for (const [key, field] of [
      ['podLabels', 'labels'],
      ['podAnnotations', 'annotations'],
    ] as const)
      declare(parameters, {
        path: ['services', plan.service, key],
        default: {},
        schema: entriesSchema([pod.metadata[field]], field === 'labels'),
        description: `further ${field} of the pods`,
        at: [{ object: role, pointer: `/spec/template/metadata/${field}`, as: 'entries' }],
      })
  declare(parameters, {
    path: ['imagePullSecrets'],
    default: [],
    schema: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { type: 'string', minLength: 1 } },
      },
    },
    description: 'Secrets with the logins of registries',
    at: [...objects]
      .filter(([, { spec }]) => spec?.template?.spec !== undefined)
      .map(([object]) => ({
        object,
        pointer: '/spec/template/spec/imagePullSecrets',
        as: 'optional',
      })),
  })
}

/** One registry for all images: those of the project, and those of gates, fills and the keeper. */
function declareRegistry({ objects, plan, parameters }: BundleDraft): void {
  const built = new Set(plan.services.flatMap(({ build }) => build?.image ?? []))
  const at = [...objects.values()].flatMap(({ spec }) => {
    const { initContainers = [], containers = [] } = spec?.template?.spec ?? {}
    return [...initContainers, ...containers].map((container: { image: string }) => ({
      in: container,
      key: 'image',
      as: built.has(container.image) ? ('registry-of-built' as const) : ('registry' as const),
    }))
  })
  declare(parameters, {
    path: ['global', 'imageRegistry'],
    default: '',
    schema: { type: 'string', pattern: REGISTRY },
    description: 'a registry for all images, instead of those in their names',
    at,
  })
}

/** Files of the project that are secret. What is not a text is a value in base64. */
function declareContents({ objects, parameters }: BundleDraft): void {
  const known = new Set(
    [...parameters.values()].flatMap(({ at }) =>
      at.flatMap((one) => ('in' in one ? [] : [`${one.object}#${one.pointer}`])),
    ),
  )
  for (const [role, object] of objects) {
    if (object.kind !== 'Secret') continue
    for (const [key, base64] of Object.entries<string>(object.data ?? {})) {
      const pointer = toPointer(['data', key])
      if (known.has(`${role}#${pointer}`)) continue
      declareContent(parameters, { role, name: object.metadata.name, key, pointer, base64 })
    }
  }
}

function declareContent(
  parameters: BundleDraft['parameters'],
  {
    role,
    name,
    key,
    pointer,
    base64,
  }: { role: RoleId; name: string; key: string; pointer: string; base64: string },
): void {
  const text = textOf(base64)
  declare(parameters, {
    path: ['secretFiles', name, key],
    default: text ?? base64,
    schema:
      text === undefined
        ? { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' }
        : { type: 'string' },
    description: text === undefined ? 'a secret file, in base64' : 'a secret file',
    ...(base64 === '' ? {} : { secret: true as const }),
    at: [{ object: role, pointer, ...(text === undefined ? {} : { as: 'base64' as const }) }],
  })
}

/** The text that is written so in base64; undefined if it is not a text that every YAML reader gives back. */
function textOf(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a values file cannot hold
  const isPlain = !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd-\uffff]/.test(text)
  return isPlain && Buffer.from(text).toString('base64') === base64 ? text : undefined
}
