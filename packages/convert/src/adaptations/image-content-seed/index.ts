import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { BundleDraft, WorkloadDraft } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reachableFrom } from '../../facts/dependencies.ts'
import type { VolumeMount } from '../../plan.ts'
import { addVolume, type Container } from '../../pod.ts'
import { waitEdges } from '../gates/index.ts'
import { podVolumeName } from '../named-volumes-to-claims/index.ts'
import { SEED_SCRIPT } from './seed-script.ts'

/** Has a static busybox, which runs in any image, also in one without a shell. */
const TOOLS_IMAGE = 'busybox:1.35.0-musl'

const TOOLS = '/landfall-seed'

/** The mounts that a service fills: its first of each volume, unless it waits for another that mounts it too. */
function planSeeds(conversion: Conversion): void {
  const edges = waitEdges(conversion)
  const reach = new Map(
    conversion.services.map(({ service }) => [service, reachableFrom(edges, service)]),
  )
  const copying = conversion.services.filter(({ plan }) =>
    plan.volumes.some(({ copyContent }) => copyContent),
  )
  for (const service of copying) {
    const volumes = new Set(
      service.plan.volumes.filter(({ copyContent }) => copyContent).map(({ volume }) => volume),
    )
    service.plan.seeds = [...volumes].filter((volume) => {
      const others = copying.filter((other) => other !== service && mounts(other, volume))
      return !others.some((other) => reach.get(service.service)?.has(other.service))
    })
  }
}

function mounts({ plan }: ServiceConversion, volume: string): boolean {
  return plan.volumes.some(
    (mount) => mount.volume === volume && mount.copyContent && !mount.ephemeral,
  )
}

/** Two init containers: one brings the tools, the other runs them in the service's own image as root. */
function buildSeed(workload: WorkloadDraft): void {
  const { from, pod, program } = workload
  const seeded = from.plan.seeds.flatMap(
    (volume) =>
      from.plan.volumes.find((mount) => mount.volume === volume && mount.copyContent) ?? [],
  )
  if (seeded.length === 0) return
  addVolume(pod, { name: 'seed-tools', emptyDir: {} })
  const tools: Container = {
    name: 'seed-tools',
    image: TOOLS_IMAGE,
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
    command: [`${TOOLS}/busybox`, 'sh', '-c', SEED_SCRIPT, 'seed', ...seeded.flatMap(pathsOf)],
    resources: { requests: { cpu: '5m', memory: '16Mi' } },
    securityContext: { runAsUser: 0, runAsGroup: 0 },
    volumeMounts: [
      { name: 'seed-tools', mountPath: TOOLS, readOnly: true },
      ...seeded.map(({ volume }) => ({
        name: podVolumeName(volume),
        mountPath: `${TOOLS}-volumes/${podVolumeName(volume)}`,
      })),
    ],
  }
  pod.spec.initContainers = [tools, seed, ...(pod.spec.initContainers ?? [])]
}

function seedName(seeded: readonly VolumeMount[]): string {
  return toDnsLabel(`seed-${seeded.map(({ volume }) => volume).join('-')}`)
}

function pathsOf({ volume, target }: VolumeMount): [string, string] {
  return [target, `${TOOLS}-volumes/${podVolumeName(volume)}`]
}

export default {
  id: 'image-content-seed',
  title: 'Fill a new volume with what the image holds at its path',
  plan: planSeeds,
  build({ workloads }: BundleDraft) {
    for (const workload of workloads) buildSeed(workload)
  },
} satisfies Adaptation
