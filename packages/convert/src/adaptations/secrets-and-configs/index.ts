import { Buffer } from 'node:buffer'
import { isAbsolute, join } from 'node:path/posix'
import { type FileReference, type FileResource, readWithin } from '@landfall/compose'
import { ownValue, toPointer } from '@landfall/diagnostic'
import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { LARGEST_TREE } from '../../facts/mounts/sizes.ts'
import type { FileContent } from '../../plan/plan.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import { isSecretFile } from '../files/secret-files.ts'
import { reason } from './reasons.ts'

/** Mode of a file that names none: everybody reads. */
const DEFAULT_MODE = 0o444

type Family = 'secrets' | 'configs'

/** Where Docker puts one: `/run/secrets/NAME` or `/NAME`, or what `target` says. */
function targetOf(family: Family, { source, target }: FileReference): string {
  const name = target ?? source
  if (isAbsolute(name)) return name
  return family === 'secrets' ? `/run/secrets/${name}` : `/${name}`
}

/** The bytes of a config or secret, with the file that they are from, or why there are none. */
function contentOf(
  { files, projectDirectory, environment }: Conversion,
  resource: FileResource,
): Pick<FileContent, 'bytes' | 'source'> | { problem: string } | string {
  if (resource.content !== undefined) return { bytes: Buffer.from(resource.content) }
  if (resource.environment !== undefined) {
    const value = ownValue(environment, resource.environment)
    return value === undefined
      ? `the variable ${resource.environment} is not set`
      : { bytes: Buffer.from(value) }
  }
  if (resource.file === undefined) return 'its content is not in the project'
  const source = isAbsolute(resource.file) ? resource.file : join(projectDirectory, resource.file)
  const read = readWithin(files, source, LARGEST_TREE)
  if ('bytes' in read) return { bytes: read.bytes, source }
  return 'missing' in read ? `${source} does not exist` : { problem: `${source} ${read.problem}` }
}

/** `uid:gid` where one of them is a number; root has what the other leaves out. */
function ownerOf({ uid = '', gid = '' }: FileReference): string | undefined {
  const numbers = [uid, gid].map((id) => (/^\d+$/.test(String(id)) ? String(id) : undefined))
  return numbers.every((id) => id === undefined)
    ? undefined
    : numbers.map((id) => id ?? '0').join(':')
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
  const resource = ownValue(conversion.project[family], reference.source) ?? {}
  const from = family === 'secrets' ? 'secret' : 'config'
  const target = targetOf(family, reference)
  const content = contentOf(conversion, resource)
  if (typeof content === 'object' && 'problem' in content) {
    conversion.report({
      code: 'convert/unreadable-file',
      severity: 'error',
      message: `the content of the ${from} ${reference.source} cannot be used: ${content.problem}`,
      path: toPointer([family, reference.source, 'file']),
    })
    return
  }
  const owner = ownerOf(reference)
  const owned = owner === undefined ? {} : { owner }
  if (typeof content === 'string') {
    // The loader gives what the project declares itself the name of the project as well.
    const declared = resource.external === true ? resource.name : undefined
    const external = toDnsLabel(declared ?? reference.source)
    const missing = resource.external === true ? {} : { missing: true as const }
    plan.files.push({
      ...{ target, from, pointer, tree: false, files: [], external },
      ...missing,
      ...owned,
    })
    const create = `kubectl create ${from === 'secret' ? 'secret generic' : 'configmap'} ${external} --from-file=${external}=FILE`
    note([family, index], reason(`existing-${from}`, { target, name: external }))
    if (resource.external !== true)
      conversion.report({
        code: 'convert/content-missing',
        severity: 'warning',
        message: `the ${from} ${reference.source} must exist in the cluster: ${content}`,
        path: toPointer([family, reference.source]),
        hint: `create it before the project starts: ${create}`,
      })
    return
  }
  const mode = Number.parseInt(reference.mode ?? '', 8) || DEFAULT_MODE
  const secret =
    from === 'secret' ||
    isSecretFile(content.source ?? reference.source, content.bytes, knownSecretsOf(conversion))
  const kind = secret ? 'Secret' : 'ConfigMap'
  plan.files.push({
    target,
    from,
    pointer,
    tree: false,
    files: [{ path: '', mode, ...content, ...(secret && from === 'config' ? { secret } : {}) }],
    ...owned,
  })
  note(
    [family, index],
    owner === undefined
      ? reason('mounted', { target, kind })
      : reason('mounted-with-owner', { target, kind, owner }),
  )
}

export default {
  id: 'secrets-and-configs',
  reasons: reason,
  title: 'Mount secrets and configs where Docker puts them',
  plan(conversion) {
    for (const service of conversion.services)
      for (const family of ['configs', 'secrets'] as const)
        for (const [index, reference] of (service.compose[family] ?? []).entries())
          planReference(conversion, service, family, index, reference)
    for (const family of ['configs', 'secrets'] as const)
      for (const name of Object.keys(conversion.project[family] ?? {}))
        conversion.ledger.record(toPointer([family, name]), reason('declared'))
  },
} satisfies Adaptation
