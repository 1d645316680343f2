import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { conditionOf, type KubeClient, type KubeObject } from '@landfall/kube'
import { buildMetricsServer } from '../cache/programs.ts'
import type { ClusterRecord } from '../cluster/record.ts'
import type { ClusterOptions, Progress } from '../contract.ts'
import type { Daemon } from '../host/processes.ts'
import { missingRequirements } from '../host/requirements.ts'
import { type AddressPlan, ports } from '../network/address-plan.ts'
import type { ControlPlaneInputs } from './control-plane.ts'
import { binding } from './system-objects.ts'

const NAME = 'metrics-server'
const API = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' }
const API_NAME = 'v1beta1.metrics.k8s.io'
const RBAC = 'rbac.authorization.k8s.io'

/**
 * The path of metrics-server, if the cluster has it or shall have it. Upstream publishes it as an image only, so it is built. Throws an Error
 * with what to do where Go is missing.
 */
export async function provideMetricsServer(
  { with: wanted = [], cacheDirectory }: ClusterOptions,
  before: ClusterRecord | undefined,
  progress: Progress,
): Promise<string | undefined> {
  const known = before?.metricsServer
  if (known === undefined && !wanted.includes('metrics')) return undefined
  if (known !== undefined && existsSync(known)) return known
  const missing = missingRequirements('build').find(({ name }) => name === 'go')
  if (missing !== undefined)
    throw new Error(`metrics-server cannot be built: ${missing.missing} (${missing.hint})`)
  return buildMetricsServer(cacheDirectory, progress)
}

/** metrics-server on the host, which reads from the kubelets and is reached by the API server alone. */
export function metricsDaemon(
  program: string,
  { plan, paths }: Pick<ControlPlaneInputs, 'plan' | 'paths'>,
): Daemon {
  const pki = (file: string) => join(paths.pki, file)
  const kubeconfig = join(paths.run, `${NAME}.kubeconfig`)
  return {
    name: NAME,
    command: [
      program,
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--bind-address=${plan.gateway}`,
      `--secure-port=${ports.metrics}`,
      `--tls-cert-file=${pki(`${NAME}.crt`)}`,
      `--tls-private-key-file=${pki(`${NAME}.key`)}`,
      `--kubelet-certificate-authority=${pki('ca.crt')}`,
      `--kubelet-client-certificate=${pki(`${NAME}.crt`)}`,
      `--kubelet-client-key=${pki(`${NAME}.key`)}`,
      '--kubelet-preferred-address-types=InternalIP',
      // The least that it accepts, which has to be more than the time for a request.
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
    ],
    reads: [pki(`${NAME}.crt`)],
  }
}

/** What registers it, and its rights. `authority`: the certificate by which the API server trusts it. */
export function metricsObjects({ gateway }: AddressPlan, authority: Buffer | string): KubeObject[] {
  const system = { name: NAME, namespace: 'kube-system' }
  const port = { name: 'https', port: ports.metrics, protocol: 'TCP' }
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: `landfall:${NAME}` },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    binding(NAME, `landfall:${NAME}`),
    { ...binding(NAME, 'system:auth-delegator'), metadata: { name: `landfall:${NAME}-delegator` } },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { ...system, name: `landfall:${NAME}` },
      roleRef: {
        apiGroup: RBAC,
        kind: 'Role',
        name: 'extension-apiserver-authentication-reader',
      },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: NAME }],
    },
    {
      // Who may view a namespace may see what its pods use.
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: {
        name: 'system:aggregated-metrics-reader',
        labels: Object.fromEntries(
          ['view', 'edit', 'admin'].map((role) => [`${RBAC}/aggregate-to-${role}`, 'true']),
        ),
      },
      rules: [
        { apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list'] },
      ],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: system,
      spec: { ports: [{ ...port, port: 443, targetPort: ports.metrics }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...system,
        name: `${NAME}-host`,
        labels: { 'kubernetes.io/service-name': NAME },
      },
      addressType: 'IPv4',
      ports: [port],
      endpoints: [{ addresses: [gateway], conditions: { ready: true } }],
    },
    {
      ...API,
      metadata: { name: API_NAME },
      spec: {
        service: { ...system, port: 443 },
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        caBundle: Buffer.from(authority).toString('base64'),
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ]
}

/** Throws an Error with the reason while the API server does not serve metrics. */
export async function checkMetrics(client: KubeClient): Promise<void> {
  const found = await client.get({ ...API, name: API_NAME })
  const available = found && conditionOf(found, 'Available')
  if (available?.status !== 'True') throw new Error(available?.message ?? 'not registered yet')
}
