import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reachableFrom } from '../../facts/dependencies.ts'
import { type BundleDraft, containersOf } from '../../objects/bundle-draft.ts'
import type { ContainerMount, Plan, PodPart, ServicePlan, VolumeMount } from '../../plan/plan.ts'
import { waitEdges } from '../gates/edges.ts'
import { rootWith } from '../gates/gate-container.ts'
import { podVolumeName } from '../volumes/pod-volume.ts'
import { SEED_SCRIPT } from './seed-script.ts'
import { bringTools, seededIn, TOOLS, TOOLS_VOLUME } from './tools.ts'

/** What a copy with owners, modes and device files of a file system that may be owned by anybody requires. */
const COPY_RIGHTS = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD']

/** The volumes that a service fills: each that it mounts, unless it waits for another that mounts it too. */
function planSeeds(conversion: Conversion): void {
  const edges = waitEdges(conversion)
  const mounters = mountersOf(conversion.services)
  for (const { service, plan } of conversion.services) {
    const copied = plan.volumes.filter(({ copyContent }) => copyContent)
    const shared = copied.some((mount) => (mounters.get(mount.volume)?.length ?? 0) > 1)
    const waitsFor = shared ? reachableFrom(edges, service) : new Set<string>()
    const first = copied.filter(
      ({ volume }) => !mounters.get(volume)?.some((other) => waitsFor.has(other)),
    )
    plan.seeds = [...new Set(first.map(({ volume }) => volume))]
  }
}

/** For each named volume the services that would fill it. */
function mountersOf(services: readonly ServiceConversion[]): Map<string, string[]> {
  const mounters = new Map<string, string[]>()
  for (const { service, plan } of services)
    for (const { volume, copyContent, ephemeral } of plan.volumes)
      if (copyContent && !ephemeral)
        mounters.set(volume, [...(mounters.get(volume) ?? []), service])
  return mounters
}

function placeOf({ volume }: VolumeMount, { volumes }: ServicePlan): ContainerMount {
  const name = podVolumeName(volume, volumes)
  return { name, mountPath: `${TOOLS}-volumes/${name}` }
}

/** Two init containers: one brings the tools, the other runs them in the service's own image as root. */
function seedPart(service: ServicePlan, plan: Plan): PodPart {
  const seeded = seededIn(service)
  if (seeded.length === 0) return {}
  const { volumes, containers } = bringTools(plan)
  const tools = { name: TOOLS_VOLUME, mountPath: TOOLS, readOnly: true }
  return {
    volumes,
    containers: [
      ...containers,
      {
        phase: 'seed',
        name: toDnsLabel(`seed-${seeded.map(({ volume }) => volume).join('-')}`),
        image: service.image,
        mounts: [tools, ...seeded.map((mount) => placeOf(mount, service))],
      },
    ],
  }
}

function buildSeeds(draft: BundleDraft): void {
  const resources = { requests: { cpu: '5m', memory: '16Mi' } }
  for (const { container } of containersOf(draft, 'tools'))
    Object.assign(container, {
      command: ['cp', '/bin/busybox', `${TOOLS}/busybox`],
      resources,
      securityContext: rootWith([]),
    })
  for (const { service, container } of containersOf(draft, 'seed')) {
    const pairs = seededIn(service).flatMap((mount) => [
      mount.target,
      placeOf(mount, service).mountPath,
    ])
    Object.assign(container, {
      command: [`${TOOLS}/busybox`, 'sh', '-c', SEED_SCRIPT, 'seed', ...pairs],
      resources,
      securityContext: { ...rootWith(COPY_RIGHTS), runAsGroup: 0 },
    })
  }
}

export default {
  id: 'image-content-seed',
  title: 'Fill a new volume with the content of the image',
  plan: planSeeds,
  part: seedPart,
  build: buildSeeds,
} satisfies Adaptation
