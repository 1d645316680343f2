import { Buffer } from 'node:buffer'
import { basename } from 'node:path/posix'
import type { KubeObject, RoleId } from '@landfall/kube'
import { shortHash, toDataKey } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../bundle-draft.ts'
import { metadataFor } from '../../bundle-draft.ts'
import type { Conversion } from '../../conversion.ts'
import type { FileContent, FileMount } from '../../plan.ts'
import { addMount, addVolume, annotate } from '../../pod.ts'
import { type Content, contentOf, storedSize } from './content.ts'
import { LARGEST_OBJECT } from './sizes.ts'

const CHECKSUM = 'checksum.landfall.dev/files'
const VOLUME = 'files'

interface Entry {
  key: string
  /** In the pod's volume: the number of the mount, then the path below its target. */
  path: string
  mode: number
  value: Content
  size: number
}

/** The ConfigMaps and Secrets of every pod that mounts files, and the mounts. */
export function buildFiles(draft: BundleDraft, conversion: Conversion): void {
  for (const workload of draft.workloads) {
    const mounts = workload.from.plan.files
    if (mounts.length === 0) continue
    const taken = new Set<string>()
    const sources: Record<string, unknown>[] = []
    const roles: RoleId[] = []
    for (const secret of [false, true]) {
      const entries = mounts.flatMap((mount, index) =>
        mount.external === undefined && (mount.from === 'secret') === secret
          ? mount.files.map((file) => toEntry(mount, index, file, taken))
          : [],
      )
      for (const [number, part] of splitBySize(entries).entries()) {
        const object = toObject(conversion, workload, part, secret, number)
        const role = `${object.kind.toLowerCase()}/${object.metadata.name}`
        draft.objects.set(role, object)
        roles.push(role)
        sources.push(toSource(object, part))
      }
    }
    sources.push(...mounts.flatMap(externalSource))
    mountAll(workload, mounts, sources)
    rollWithContent(draft, workload, roles)
  }
}

function toEntry(mount: FileMount, index: number, file: FileContent, taken: Set<string>): Entry {
  const path = file.path === '' ? basename(mount.target) : file.path
  let key = toDataKey(path)
  if (taken.has(key)) key = toDataKey(`${shortHash(`${mount.target}/${path}`).slice(0, 6)}_${path}`)
  taken.add(key)
  const value = contentOf(file.bytes)
  return {
    key,
    path: `${index}/${path}`,
    mode: file.mode,
    value,
    size: key.length + storedSize(file.bytes),
  }
}

function splitBySize(entries: Entry[]): Entry[][] {
  const parts: Entry[][] = []
  let room = 0
  for (const entry of entries) {
    if (parts.length === 0 || entry.size > room) {
      parts.push([])
      room = LARGEST_OBJECT
    }
    parts.at(-1)?.push(entry)
    room -= entry.size
  }
  return parts
}

function toObject(
  conversion: Conversion,
  { from }: WorkloadDraft,
  entries: Entry[],
  secret: boolean,
  number: number,
): KubeObject {
  const text = entries.flatMap(({ key, value }) => ('text' in value ? [[key, value.text]] : []))
  const binary = entries.flatMap(({ key, value }) => ('text' in value ? [] : [[key, value.base64]]))
  const name = `${from.plan.name}-${secret ? 'secrets' : 'files'}${number === 0 ? '' : `-${number + 1}`}`
  const metadata = metadataFor(conversion, name, from)
  if (secret)
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: Object.fromEntries([
        ...text.map(([key, value]) => [key, Buffer.from(value as string).toString('base64')]),
        ...binary,
      ]),
    }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    ...(text.length === 0 ? {} : { data: Object.fromEntries(text) }),
    ...(binary.length === 0 ? {} : { binaryData: Object.fromEntries(binary) }),
  }
}

function toSource(object: KubeObject, entries: Entry[]): Record<string, unknown> {
  const items = entries.map(({ key, path, mode }) => ({ key, path, mode }))
  return {
    [object.kind === 'Secret' ? 'secret' : 'configMap']: { name: object.metadata.name, items },
  }
}

/** A config or secret that lies in the cluster under its name, with its content in a key of the same name. */
function externalSource(mount: FileMount, index: number): Record<string, unknown>[] {
  if (mount.external === undefined) return []
  const items = [{ key: mount.external, path: `${index}/${basename(mount.target)}` }]
  return [{ [mount.from === 'secret' ? 'secret' : 'configMap']: { name: mount.external, items } }]
}

/** One volume, and one mount a target by subPath: the target then holds real files, and no links of Kubernetes. */
function mountAll(
  { pod, program }: WorkloadDraft,
  mounts: FileMount[],
  sources: Record<string, unknown>[],
): void {
  addVolume(pod, { name: VOLUME, projected: { sources } })
  for (const [index, mount] of mounts.entries())
    addMount(program, {
      name: VOLUME,
      mountPath: mount.target,
      subPath: mount.tree ? String(index) : `${index}/${basename(mount.target)}`,
      readOnly: true,
    })
}

/** Mounts by subPath never see a change, so a change makes new pods; Jobs have the content in their name instead. */
function rollWithContent(
  draft: BundleDraft,
  { role, object, pod }: WorkloadDraft,
  roles: RoleId[],
): void {
  if (object.kind === 'Job' || roles.length === 0) return
  annotate(pod.metadata, CHECKSUM, '')
  draft.derived.push({
    rule: 'content-hash',
    base: '',
    inputs: roles.flatMap((file) => [
      { object: file, pointer: '/data' },
      { object: file, pointer: '/binaryData' },
    ]),
    at: [
      { object: role, pointer: '/spec/template/metadata/annotations/checksum.landfall.dev~1files' },
    ],
  })
}
