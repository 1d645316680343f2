import type { KubeObject } from '@landfall/kube'
import { type Lack, type LackInput, listed } from './lack.ts'

/** A feature, since which minor version of Kubernetes 1 it works without a feature gate, and whether a pod uses it. */
const FEATURES: readonly { title: string; since: number; uses: (pod: PodSpec) => boolean }[] = [
  {
    title: 'sidecar containers',
    since: 29,
    uses: ({ initContainers = [] }) =>
      initContainers.some(({ restartPolicy }) => restartPolicy === 'Always'),
  },
  {
    title: 'preStop hooks that sleep',
    since: 30,
    uses: ({ initContainers = [], containers = [] }) =>
      [...initContainers, ...containers].some(
        ({ lifecycle }) => lifecycle?.preStop?.sleep !== undefined,
      ),
  },
]

interface PodSpec {
  initContainers?: Container[]
  containers?: Container[]
}

interface Container {
  restartPolicy?: string
  lifecycle?: { preStop?: { sleep?: unknown } }
}

/** The oldest version that Landfall is tested with, as minor version of Kubernetes 1. */
const TESTED_SINCE = 32

/** What a cluster of an old version cannot run. A node may be older than the API server, and counts. */
export function versionLacks({ facts, objects }: LackInput): Lack[] {
  const versions = [facts.version, ...(facts.nodes ?? []).map(({ kubelet }) => kubelet)]
  const minors = versions.flatMap((version) => minorOf(version) ?? [])
  if (minors.length === 0) return []
  const minor = Math.min(...minors)
  if (minor >= TESTED_SINCE) return []
  const needed = FEATURES.filter(({ since }) => minor < since).flatMap(({ title, since, uses }) => {
    const users = objects.filter((object) => uses(podOf(object)))
    return users.length === 0
      ? []
      : [
          {
            message: `Kubernetes 1.${minor} has no ${title} (since 1.${since}), which ${listed(users.map(({ metadata }) => metadata.name))} ${users.length === 1 ? 'needs' : 'need'}`,
            remedy: `upgrade the cluster to Kubernetes 1.${TESTED_SINCE} or later`,
            fatal: true,
          },
        ]
  })
  return needed.length > 0
    ? needed
    : [
        {
          message: `Kubernetes 1.${minor} is older than 1.${TESTED_SINCE}, the oldest version that Landfall is tested with`,
          fatal: false,
        },
      ]
}

function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d+)\b/.exec(version ?? '')?.[1]
  return minor === undefined ? undefined : Number(minor)
}

function podOf({ spec }: KubeObject): PodSpec {
  return spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec ?? {}
}
