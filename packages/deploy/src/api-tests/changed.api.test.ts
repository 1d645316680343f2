import type { KubeObject } from '@landfall/kube'
import { apiNamespace } from '@landfall/testkit'
import { expect, test, vi } from 'vitest'
import { deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

// An object that was updated is as one that is created today: what the API server has derived from an earlier version does not stay.

vi.setConfig({ testTimeout: 400_000 })

type Parts = Record<string, unknown>

const labels = { app: 'web' }
const metadata = { name: 'web', labels }

/** A Deployment without pods, so that no node is needed. */
const workload = (pod: Parts = {}, container: Parts = {}, spec: Parts = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    replicas: 0,
    selector: { matchLabels: labels },
    ...spec,
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'web', image: 'busybox:1.35.0', ...container }], ...pod },
    },
  },
})
const withContainer = (container: Parts) => workload({}, container)
const withSpec = (spec: Parts) => workload({}, {}, spec)
const withVolume = (volume: Parts) =>
  workload(
    { volumes: [{ name: 'data', ...volume }] },
    { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  )
const withInit = (init: Parts) =>
  workload({ initContainers: [{ name: 'init', image: 'busybox:1.35.0', ...init }] })

const service = (spec: Parts): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: { selector: labels, ports: [{ name: 'http', port: 80 }], ...spec },
})

const budget = (spec: Parts): KubeObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata,
  spec: { selector: { matchLabels: labels }, ...spec },
})

const ingress = (spec: Parts): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata,
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...spec },
})

const http = { httpGet: { path: '/', port: 80 } }
const exec = { exec: { command: ['true'] } }
const tcp = { tcpSocket: { port: 80 } }
const value = { env: [{ name: 'A', value: 'b' }] }
const fromSecret = { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }
const fromField = { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }
const port = (protocol: string) => ({
  ports: [{ name: 'dns', port: 53, protocol }],
})

/** Versions of one object; each becomes the next one, the first one becomes each, and each becomes the first one. */
const VERSIONS: Record<string, KubeObject[]> = {
  account: [
    workload(),
    workload({ serviceAccountName: 'one' }),
    workload({ serviceAccountName: 'two' }),
  ],
  probe: [
    workload(),
    ...[http, exec, tcp].map((readinessProbe) => withContainer({ readinessProbe })),
  ],
  'times of a probe': [
    withContainer({ livenessProbe: { ...exec, periodSeconds: 3, failureThreshold: 5 } }),
    withContainer({ livenessProbe: exec }),
  ],
  'hook before the stop': [
    workload(),
    withContainer({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
    withContainer({ lifecycle: { preStop: exec } }),
    withContainer({ lifecycle: { preStop: http } }),
  ],
  variable: [workload(), ...[value, fromSecret, fromField].map(withContainer)],
  volume: [
    workload(),
    withVolume({ emptyDir: {} }),
    withVolume({ emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }),
    withVolume({ configMap: { name: 'c', defaultMode: 0o400 } }),
    withVolume({ secret: { secretName: 's' } }),
    withVolume({ persistentVolumeClaim: { claimName: 'p' } }),
    withVolume({ hostPath: { path: '/tmp', type: 'Directory' } }),
    withVolume({ projected: { sources: [{ configMap: { name: 'c' } }] } }),
  ],
  'init container': [workload(), withInit({}), withInit({ restartPolicy: 'Always' })],
  'port of a container': [
    workload(),
    ...['TCP', 'UDP'].map((protocol) =>
      withContainer({ ports: [{ containerPort: 53, protocol }] }),
    ),
    withContainer({ ports: [{ containerPort: 53, hostPort: 53 }] }),
  ],
  pod: [
    workload(),
    workload({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
    workload({ securityContext: { runAsUser: 5, fsGroup: 6 } }),
    workload({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }),
    workload({ terminationGracePeriodSeconds: 5, enableServiceLinks: false }),
    workload({ automountServiceAccountToken: false, hostname: 'a', subdomain: 'b' }),
    workload({ shareProcessNamespace: true, nodeSelector: { a: 'b' } }),
    workload({
      dnsConfig: { options: [{ name: 'ndots', value: '1' }] },
      priorityClassName: 'system-node-critical',
    }),
    workload({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
    workload({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: labels },
        },
      ],
    }),
  ],
  container: [
    workload(),
    withContainer({ command: ['a'], args: ['b'], workingDir: '/c' }),
    withContainer({ resources: { limits: { memory: '1Mi' } } }),
    withContainer({ resources: { requests: { cpu: '1m' } } }),
    withContainer({ securityContext: { capabilities: { add: ['NET_ADMIN'] } }, tty: true }),
    withContainer({ imagePullPolicy: 'Always' }),
  ],
  strategy: [
    workload(),
    withSpec({ strategy: { type: 'Recreate' } }),
    withSpec({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    }),
    withSpec({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } }),
    withSpec({ minReadySeconds: 25, progressDeadlineSeconds: 900, revisionHistoryLimit: 3 }),
  ],
  'type of a Service': [
    service({}),
    service({ type: 'NodePort' }),
    service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }),
    service({ type: 'ExternalName', externalName: 'a.b', selector: undefined }),
  ],
  'affinity of a Service': [
    service({}),
    service({ sessionAffinity: 'ClientIP' }),
    service({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    }),
  ],
  'port of a Service': [
    service(port('TCP')),
    service(port('UDP')),
    service({ ports: [{ name: 'other', port: 53 }] }),
    service({ ports: [{ port: 53, targetPort: 5353 }] }),
    service({ publishNotReadyAddresses: true }),
  ],
  budget: [budget({ maxUnavailable: 1 }), budget({ minAvailable: 1 })],
  ingress: [
    ingress({}),
    ingress({ ingressClassName: 'a' }),
    ingress({ tls: [{ hosts: ['a.b'], secretName: 's' }] }),
  ],
}

const clock = fastClock(10)

test.each(Object.entries(VERSIONS))('%s', async (about, versions) => {
  const { name: namespace, api } = apiNamespace(
    `changed-${about.replaceAll(' ', '-').toLowerCase()}`,
    {
      deletes: true,
    },
  )
  const { client } = api
  const where = { client, release: 'r', namespace, clock, timeoutMs: 1_000_000 }
  const deploy = (version: KubeObject | undefined) =>
    deployRelease({ ...where, objects: version === undefined ? [] : [structuredClone(version)] })
  await deploy(versions[0])
  /** As the API server creates it today. */
  const fresh = await Promise.all(
    versions.map(async (version) => {
      const named = { ...version, metadata: { ...version.metadata, name: 'fresh', namespace } }
      const { object } = await client.apply(named, { dryRun: true })
      return seen(object)
    }),
  )
  const wrong: string[] = []
  for (const [from, before] of versions.entries())
    for (const [to, after] of versions.entries()) {
      const isNext = to === (from + 1) % versions.length
      if (from === to || (from !== 0 && to !== 0 && !isNext)) continue
      try {
        for (const version of [before, after]) {
          const { state, failure } = await deploy(version)
          expect([state, failure?.message]).toEqual(['ready', undefined])
        }
        const live = await client.get({
          ...{ apiVersion: after.apiVersion, kind: after.kind },
          ...{ name: 'web', namespace },
        })
        expect(seen(live as KubeObject)).toEqual(fresh[to])
      } catch (error) {
        wrong.push(`${from} to ${to}: ${(error as Error).message}`)
      }
    }
  expect(wrong.join('\n')).toBe('')
})

/** What does not depend on when an object was made. */
function seen({ spec }: KubeObject): Parts {
  const { clusterIP, clusterIPs, healthCheckNodePort, ...rest } = spec
  // without a name it is this one
  if (rest.template?.spec?.serviceAccountName === undefined)
    Object.assign(rest.template?.spec ?? {}, {
      serviceAccountName: 'default',
      serviceAccount: 'default',
    })
  if (rest.ports !== undefined)
    rest.ports = rest.ports.map(({ nodePort, ...one }: Parts) => ({
      ...one,
      hasNodePort: nodePort !== undefined,
    }))
  return { ...rest, hasAddress: clusterIP !== undefined, addresses: clusterIPs?.length }
}
