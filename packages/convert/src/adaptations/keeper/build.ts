import { KEEPER, type KubeObject, toLabelValue } from '@landfall/kube'
import { type BundleDraft, metadataFor } from '../../objects/bundle-draft.ts'
import type { KeeperPlan } from '../../plan/plan.ts'
import { TOKEN_MOUNT, tokenSources } from '../gates/permission.ts'
import { keeperRules } from './rules.ts'

const MOUNT = '/landfall/keeper'
const PROGRAM = 'keeper.cjs'
const SETTINGS = 'keeper.json'
const CHECKSUM = 'checksum.landfall.dev/keeper'

/** The keeper's Deployment, its account, and the ConfigMap with its program and its settings. */
export function buildKeeper(draft: BundleDraft): void {
  const { keeper } = draft.plan
  if (keeper === undefined) return
  draft.objects.set(`configmap/${KEEPER}`, configMap(draft, keeper))
  buildAccount(draft, keeper)
  draft.objects.set(`deployment/${KEEPER}`, deployment(draft, keeper))
  draft.derived.push({
    rule: 'content-hash',
    base: '',
    inputs: [{ object: `configmap/${KEEPER}`, pointer: '/data' }],
    at: [
      {
        object: `deployment/${KEEPER}`,
        pointer: `/spec/template/metadata/annotations/${CHECKSUM.replace('/', '~1')}`,
      },
    ],
  })
}

/** A Job's name changes with its content, so each has a key of its own, which the program reads. */
function configMap(draft: BundleDraft, { program, settings }: KeeperPlan): KubeObject {
  const { plan, jobNames } = draft
  const data: Record<string, string> = {
    [PROGRAM]: program,
    [SETTINGS]: `${JSON.stringify({ ...settings, release: toLabelValue(plan.project) }, null, 1)}\n`,
  }
  for (const { service, kind, workload } of settings.services) {
    if (kind !== 'Job') continue
    const key = `job-${workload}`
    data[key] = workload
    jobNames.get(service)?.at.push({ object: `configmap/${KEEPER}`, pointer: `/data/${key}` })
  }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataFor(plan, KEEPER), data }
}

function buildAccount(draft: BundleDraft, keeper: KeeperPlan): void {
  const { plan, objects } = draft
  objects.set(`serviceaccount/${KEEPER}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadataFor(plan, KEEPER),
    automountServiceAccountToken: false,
  })
  objects.set(`role/${KEEPER}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadataFor(plan, KEEPER),
    rules: keeperRules(draft, keeper, `role/${KEEPER}`),
  })
  objects.set(`rolebinding/${KEEPER}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadataFor(plan, KEEPER),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: KEEPER },
    subjects: [{ kind: 'ServiceAccount', name: KEEPER }],
  })
}

function deployment({ plan }: BundleDraft, { image }: KeeperPlan): KubeObject {
  const metadata = metadataFor(plan, KEEPER)
  const labels = { 'app.kubernetes.io/name': KEEPER, ...metadata.labels }
  const selector = {
    'app.kubernetes.io/instance': toLabelValue(plan.project),
    'app.kubernetes.io/name': KEEPER,
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: { ...labels }, annotations: { [CHECKSUM]: '' } },
        spec: {
          serviceAccountName: KEEPER,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: KEEPER,
              image,
              imagePullPolicy: 'IfNotPresent',
              command: [
                'node',
                '--max-old-space-size=48',
                '--max-semi-space-size=1',
                `${MOUNT}/${PROGRAM}`,
                MOUNT,
              ],
              env: [{ name: 'NODE_EXTRA_CA_CERTS', value: `${TOKEN_MOUNT.mountPath}/ca.crt` }],
              resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '96Mi' } },
              securityContext: {
                runAsUser: 1000,
                runAsGroup: 1000,
                runAsNonRoot: true,
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'keeper', mountPath: MOUNT, readOnly: true },
                { ...TOKEN_MOUNT, name: 'keeper-token' },
              ],
            },
          ],
          volumes: [
            { name: 'keeper', configMap: { name: KEEPER } },
            { name: 'keeper-token', projected: { sources: tokenSources() } },
          ],
        },
      },
    },
  }
}
