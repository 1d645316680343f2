import { Buffer } from 'node:buffer'
import { isAbsolute, join } from 'node:path/posix'
import type { FileReference, FileResource } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

const id = 'secrets-and-configs'

/** Mode of a file that names none: everybody reads. */
const DEFAULT_MODE = 0o444

type Family = 'secrets' | 'configs'

/** Where Docker puts one: `/run/secrets/NAME` or `/NAME`, or what `target` says. */
function targetOf(family: Family, { source, target }: FileReference): string {
  const name = target ?? source
  if (isAbsolute(name)) return name
  return family === 'secrets' ? `/run/secrets/${name}` : `/${name}`
}

/** The bytes of a config or secret, or why there are none. */
function contentOf(
  { files, projectDirectory, environment }: Conversion,
  resource: FileResource,
): Uint8Array | string {
  if (resource.content !== undefined) return Buffer.from(resource.content)
  const value = environment?.[resource.environment ?? '']
  if (value !== undefined) return Buffer.from(value)
  if (resource.file === undefined) return 'its content is not in the project'
  const path = isAbsolute(resource.file) ? resource.file : join(projectDirectory, resource.file)
  return files.read(path) ?? `${path} cannot be read`
}

function planReference(
  conversion: Conversion,
  service: ServiceConversion,
  family: Family,
  index: number,
  reference: FileReference,
): void {
  const { plan, note } = service
  const pointer = service.at(family, index)
  const resource = conversion.project[family]?.[reference.source] ?? {}
  const from = family === 'secrets' ? 'secret' : 'config'
  const target = targetOf(family, reference)
  const kind = from === 'secret' ? 'Secret' : 'ConfigMap'
  const content = contentOf(conversion, resource)
  if (typeof content === 'string') {
    const external = toDnsLabel(resource.name ?? reference.source)
    plan.files.push({ target, from, pointer, tree: false, files: [], external })
    note(
      id,
      [family, index],
      'adapted',
      `${target} from the ${kind} ${external}, which must exist`,
      {
        hint: `kubectl create ${from === 'secret' ? 'secret generic' : 'configmap'} ${external} --from-file=${external}=FILE`,
      },
    )
    if (resource.external !== true)
      conversion.report({
        code: 'convert/content-missing',
        severity: 'warning',
        message: `the ${from} ${reference.source} is taken from the cluster: ${content}`,
        path: toPointer([family, reference.source]),
        hint: `create the ${kind} ${external} with the key ${external} before the project starts`,
      })
    return
  }
  const mode = Number.parseInt(reference.mode ?? '', 8) || DEFAULT_MODE
  plan.files.push({
    target,
    from,
    pointer,
    tree: false,
    files: [{ path: '', bytes: content, mode }],
  })
  const owner = reference.uid === undefined && reference.gid === undefined ? '' : ', owned by root'
  note(id, [family, index], owner === '' ? 'kept' : 'adapted', `${target} from a ${kind}${owner}`)
}

export default {
  id,
  title: 'Mount secrets and configs where Docker puts them',
  plan(conversion) {
    for (const service of conversion.services)
      for (const family of ['configs', 'secrets'] as const)
        for (const [index, reference] of (service.compose[family] ?? []).entries())
          planReference(conversion, service, family, index, reference)
    for (const family of ['configs', 'secrets'] as const)
      for (const name of Object.keys(conversion.project[family] ?? {}))
        conversion.ledger.record({
          code: id,
          path: toPointer([family, name]),
          outcome: 'kept',
          reason: 'mounted in each service that names it',
        })
  },
} satisfies Adaptation
