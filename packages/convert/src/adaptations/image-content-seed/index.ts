import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reachableFrom } from '../../facts/dependencies.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addVolume, type Container } from '../../objects/pod.ts'
import type { Plan, VolumeMount } from '../../plan/plan.ts'
import { waitEdges } from '../gates/edges.ts'
import { podVolumeName } from '../volumes/pod-volume.ts'
import { SEED_SCRIPT } from './seed-script.ts'

const TOOLS = '/landfall-seed'

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

/** Two init containers: one brings the tools, the other runs them in the service's own image as root. */
function buildSeed(images: Plan['images'], { plan, pod, program }: WorkloadDraft): void {
  const seeded = plan.seeds.flatMap(
    (volume) => plan.volumes.find((mount) => mount.volume === volume && mount.copyContent) ?? [],
  )
  if (seeded.length === 0) return
  const nameOf = (volume: string): string => podVolumeName(volume, plan.volumes)
  addVolume(pod, { name: 'seed-tools', emptyDir: {} })
  const tools: Container = {
    name: 'landfall-tools',
    image: images.tools,
    imagePullPolicy: 'IfNotPresent',
    command: ['cp', '/bin/busybox', `${TOOLS}/busybox`],
    resources: { requests: { cpu: '5m', memory: '16Mi' } },
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: 'seed-tools', mountPath: TOOLS }],
  }
  const seed: Container = {
    name: seedName(seeded),
    image: program.image,
    imagePullPolicy: program.imagePullPolicy ?? 'IfNotPresent',
    command: [
      `${TOOLS}/busybox`,
      'sh',
      '-c',
      SEED_SCRIPT,
      'seed',
      ...seeded.flatMap(({ volume, target }) => [target, `${TOOLS}-volumes/${nameOf(volume)}`]),
    ],
    resources: { requests: { cpu: '5m', memory: '16Mi' } },
    securityContext: { runAsUser: 0, runAsGroup: 0 },
    volumeMounts: [
      { name: 'seed-tools', mountPath: TOOLS, readOnly: true },
      ...seeded.map(({ volume }) => ({
        name: nameOf(volume),
        mountPath: `${TOOLS}-volumes/${nameOf(volume)}`,
      })),
    ],
  }
  pod.spec.initContainers = [tools, seed, ...(pod.spec.initContainers ?? [])]
}

function seedName(seeded: readonly VolumeMount[]): string {
  return toDnsLabel(`seed-${seeded.map(({ volume }) => volume).join('-')}`)
}

export default {
  id: 'image-content-seed',
  title: 'Fill a new volume with what the image holds at its path',
  plan: planSeeds,
  build({ workloads, plan }: BundleDraft) {
    for (const workload of workloads) buildSeed(plan.images, workload)
  },
} satisfies Adaptation
