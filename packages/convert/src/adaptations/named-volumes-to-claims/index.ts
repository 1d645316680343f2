import { toPointer } from '@landfall/diagnostic'
import { byteQuantity, parseByteValue, toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import { metadataFor } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { mountFact, mountsOf } from '../../facts/mounts.ts'
import type { VolumePlan } from '../../plan.ts'
import { addMount, addVolume, annotate } from '../../pod.ts'
import { coLocate, planGroups } from './sharing.ts'

const id = 'named-volumes-to-claims'

/** Asked for when landfall.yaml names no size: what most provisioners give at least. */
const DEFAULT_SIZE = '1Gi'

function planVolumes(conversion: Conversion): void {
  for (const [volume, declared] of Object.entries(conversion.project.volumes ?? {}).sort()) {
    const settings = conversion.settings.volumes?.[volume] ?? {}
    const mountedBy = conversion.services
      .filter(({ plan }) => plan.volumes.some((mount) => mount.volume === volume))
      .map(({ service }) => service)
    const external = declared?.external === true
    const claim = toDnsLabel(external ? (declared?.name ?? volume) : volume)
    const noteVolume = (outcome: 'kept' | 'adapted' | 'ignored', reason: string): void =>
      conversion.ledger.record({
        code: id,
        path: toPointer(['volumes', volume]),
        outcome,
        reason,
      })
    if (mountedBy.length === 0) {
      noteVolume('ignored', 'no service mounts it')
      continue
    }
    const size = settings.size ?? DEFAULT_SIZE
    const shared = settings.shared === true
    conversion.plan.volumes.push({
      volume,
      claim,
      size,
      ...(settings.class === undefined ? {} : { class: settings.class }),
      shared,
      external,
      mountedBy,
    })
    if (external) noteVolume('adapted', `the claim ${claim}, which must exist`)
    else noteVolume('adapted', `one claim of ${size}${shared ? ', ReadWriteMany' : ''}`)
    noteDriver(conversion, volume)
  }
}

function noteDriver({ project, ledger }: Conversion, volume: string): void {
  const declared = project.volumes?.[volume]
  const options = Object.keys(declared?.driver_opts ?? {})
  const path = toPointer(['volumes', volume, 'driver_opts'])
  if (options.length === 0) return
  ledger.record({
    code: id,
    path,
    outcome: 'dropped',
    reason: `${options.join(', ')}: the storage class decides where the volume lies`,
    dangerous: true,
    hint: 'name a class in landfall.yaml under volumes, then accept this',
  })
}

function planMounts(conversion: Conversion, service: ServiceConversion): void {
  const { plan, note } = service
  for (const [index, mount] of mountsOf(service)) {
    const fact = mountFact(conversion, mount)
    const readOnly = mount.read_only === true
    if (fact.kind === 'tmpfs') {
      const size = parseByteValue(mount.tmpfs?.size ?? '')
      plan.scratch.push({
        target: mount.target,
        memory: true,
        ...(size === undefined || size === 0 ? {} : { sizeLimit: byteQuantity(size) }),
      })
      note(id, ['volumes', index], 'kept', 'a directory in memory')
    } else if (fact.kind === 'volume' || fact.kind === 'anonymous') {
      const ephemeral = fact.kind === 'anonymous'
      const subPath = mount.volume?.subpath
      plan.volumes.push({
        volume: ephemeral ? `anonymous-${index}` : fact.volume,
        target: mount.target,
        readOnly,
        ...(subPath === undefined ? {} : { subPath }),
        copyContent: !readOnly && subPath === undefined && mount.volume?.nocopy !== true,
        ephemeral,
      })
      if (ephemeral)
        note(id, ['volumes', index], 'adapted', 'an empty directory that lives as long as the pod')
      else note(id, ['volumes', index], 'kept', `the volume ${fact.volume}`)
    }
  }
}

/** Short forms that are mounts in memory as well: `tmpfs` and `shm_size`. */
function planMemory({ compose, plan, note }: ServiceConversion): void {
  for (const entry of compose.tmpfs ?? []) {
    const [target = entry, options = ''] = entry.split(':')
    const size = parseByteValue(/(?:^|,)size=([^,]+)/.exec(options)?.[1] ?? '')
    const sizeLimit = size === undefined ? {} : { sizeLimit: byteQuantity(size) }
    plan.scratch.push({ target, memory: true, ...sizeLimit })
  }
  if (compose.tmpfs !== undefined) note(id, ['tmpfs'], 'kept', 'directories in memory')
  const shared = parseByteValue(compose.shm_size ?? '')
  if (compose.shm_size === undefined) return
  if (shared !== undefined)
    plan.scratch.push({ target: '/dev/shm', memory: true, sizeLimit: byteQuantity(shared) })
  note(id, ['shm_size'], 'kept', 'a directory in memory at /dev/shm')
}

/** Name of a pod's volume. */
export function podVolumeName(volume: string): string {
  return toDnsLabel(`volume-${volume}`)
}

function claimOf(conversion: Conversion, { volume, claim, ...plan }: VolumePlan) {
  const metadata = metadataFor(conversion, claim, undefined, toPointer(['volumes', volume]))
  annotate(metadata, 'landfall.dev/keep', 'the data stays until it is asked to go')
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      accessModes: [plan.shared ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: plan.size } },
      ...(plan.class === undefined ? {} : { storageClassName: plan.class }),
    },
  }
}

export default {
  id,
  title: 'Turn each named volume into one claim',
  plan(conversion) {
    for (const service of conversion.services) {
      planMounts(conversion, service)
      planMemory(service)
    }
    planVolumes(conversion)
    planGroups(conversion)
  },
  build(draft, conversion) {
    for (const volume of conversion.plan.volumes)
      if (!volume.external)
        draft.objects.set(`persistentvolumeclaim/${volume.claim}`, claimOf(conversion, volume))
    for (const { from, pod, program } of draft.workloads) {
      for (const { volume, target, readOnly, subPath, ephemeral } of from.plan.volumes) {
        const name = podVolumeName(volume)
        const claim = conversion.plan.volumes.find((plan) => plan.volume === volume)?.claim
        addVolume(
          pod,
          ephemeral || claim === undefined
            ? { name, emptyDir: {} }
            : { name, persistentVolumeClaim: { claimName: claim } },
        )
        addMount(program, {
          name,
          mountPath: target,
          ...(subPath === undefined ? {} : { subPath }),
          ...(readOnly ? { readOnly } : {}),
        })
      }
      for (const [index, { target, memory, sizeLimit }] of from.plan.scratch.entries()) {
        const name = `scratch-${index}`
        addVolume(pod, {
          name,
          emptyDir: {
            ...(memory ? { medium: 'Memory' } : {}),
            ...(sizeLimit === undefined ? {} : { sizeLimit }),
          },
        })
        addMount(program, { name, mountPath: target })
      }
      coLocate(pod, from, conversion)
    }
  },
} satisfies Adaptation
