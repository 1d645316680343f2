import { basename } from 'node:path/posix'
import type { Volume } from '@landfall/compose'
import { parseBytes } from '@landfall/compose'
import { ownValue, toPointer } from '@landfall/diagnostic'
import { byteQuantity, shortHash, toDnsLabel } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { settingsOfTree } from '../../facts/binds/overruled.ts'
import { bindTrees } from '../../facts/binds/trees.ts'
import { declaredAt } from '../../facts/declared-at.ts'
import { volumeKind } from '../../facts/mounts/volume-kinds.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { VolumePlan } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** Asked for when landfall.yaml names no size: what most provisioners give at least. */
const DEFAULT_SIZE = '1Gi'

/** One plan a volume that is mounted, declared or not (bound directories, volumes that `volumes_from` shares). */
export function planVolumes(conversion: Conversion): void {
  const declared = conversion.project.volumes ?? {}
  const mounted = conversion.services.flatMap(({ plan }) =>
    plan.volumes.filter(({ ephemeral }) => !ephemeral).map(({ volume }) => volume),
  )
  const claims = new Set<string>()
  for (const volume of [...new Set([...Object.keys(declared), ...mounted])].sort()) {
    const planned = planVolume(conversion, volume, ownValue(declared, volume), claims)
    if (planned.mountedBy.length > 0) conversion.plan.volumes.push(planned)
    if (Object.hasOwn(declared, volume)) noteVolume(conversion, volume, planned)
  }
}

function planVolume(
  conversion: Conversion,
  volume: string,
  declared: Volume | null | undefined,
  claims: Set<string>,
): VolumePlan {
  const tree = bindTrees(conversion).find((one) => one.volume === volume && one.kind === 'storage')
  const settings =
    tree === undefined
      ? (ownValue(conversion.settings.volumes, volume) ?? {})
      : settingsOfTree(conversion, tree)
  const external = declared?.external === true
  const mountedBy = conversion.services
    .filter(({ plan }) => plan.volumes.some((mount) => mount.volume === volume))
    .map(({ service }) => service)
  const source = external ? undefined : sourceOf(declared)
  return {
    volume,
    claim: external
      ? toDnsLabel(declared?.name ?? volume)
      : freeClaim(volume === '.' ? conversion.project.name : volume, claims),
    size: settings.size ?? sizeOf(declared) ?? DEFAULT_SIZE,
    ...(settings.class === undefined ? {} : { class: settings.class }),
    shared: settings.shared === true || source !== undefined,
    external,
    mountedBy,
    ...(declared === undefined ? {} : declaredAt(conversion, toPointer(['volumes', volume]))),
    ...(source === undefined ? {} : { source }),
  }
}

/** `./data/db` and `/srv/db` are `db`; two volumes never share a claim. */
function freeClaim(volume: string, claims: Set<string>): string {
  const nearest = toDnsLabel(/[/:]/.test(volume) ? volume.replace(/^(\.{0,2}|~)\//, '') : volume)
  const claim = claims.has(nearest)
    ? toDnsLabel(`${nearest}-${shortHash(volume).slice(0, 6)}`)
    : nearest
  claims.add(claim)
  return claim
}

/** Several drivers take a size as an option of theirs. */
function sizeOf(declared: Volume | null | undefined): string | undefined {
  const bytes = parseBytes(String(declared?.driver_opts?.size ?? ''))
  return bytes === undefined || bytes === 0 ? undefined : byteQuantity(bytes)
}

/** Where the volume lies, if not on what the cluster provides. */
function sourceOf(declared: Volume | null | undefined): VolumePlan['source'] {
  const kind = volumeKind(declared)
  if (kind.kind === 'nfs')
    return { nfs: { server: kind.server, path: kind.path, readOnly: kind.readOnly } }
  if (kind.kind !== 'memory') return undefined
  const bytes = parseBytes(kind.size ?? '')
  return { memory: bytes === undefined || bytes === 0 ? {} : { sizeLimit: byteQuantity(bytes) } }
}

function noteVolume({ ledger, project }: Conversion, volume: string, plan: VolumePlan): void {
  const declared = ownValue(project.volumes, volume)
  const path = ['volumes', volume]
  ledger.record(toPointer(path), decisionOf(declared, plan))
  const lost = plan.mountedBy.length === 0 ? undefined : lostOf(declared, plan)
  const key = declared?.driver_opts === undefined ? 'driver' : 'driver_opts'
  if (lost !== undefined) ledger.record(toPointer([...path, key]), lost)
}

function decisionOf(declared: Volume | null | undefined, plan: VolumePlan): Reason {
  if (plan.mountedBy.length === 0) return reason('unused')
  if (plan.external) return reason('existing-claim', { claim: plan.claim })
  const kind = volumeKind(declared)
  if (kind.kind === 'nfs') return reason('nfs', { share: `${kind.server}:${kind.path}` })
  if (kind.kind === 'memory') return reason('memory-per-pod')
  return reason(plan.shared ? 'shared-claim' : 'claim', { size: plan.size })
}

/** What of the driver and its options the cluster does not keep. */
function lostOf(declared: Volume | null | undefined, plan: VolumePlan): Reason | undefined {
  const kind = volumeKind(declared)
  if (kind.kind === 'nfs' && kind.unkept.length > 0)
    return reason('nfs-options', { options: kind.unkept.join(', ') })
  if (kind.kind === 'memory' && plan.mountedBy.length > 1)
    return reason('memory-not-shared', { services: plan.mountedBy.join(' and ') })
  if (kind.kind === 'host')
    return reason('host-directory', {
      path: basename(kind.path) === '' ? 'the directory' : kind.path,
    })
  return kind.kind === 'driver' && plan.class === undefined
    ? reason('driver', { options: kind.says })
    : undefined
}
