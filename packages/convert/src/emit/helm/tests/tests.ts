import {
  type Bundle,
  type KubeObject,
  type Parameter,
  type RoleId,
  toDnsLabel,
} from '@landfall/kube'
import { smallContainer } from '../../../adaptations/gates/gate-container.ts'
import { GATE_IMAGE } from '../../../plan/images.ts'
import { testScript } from './test-script.ts'

/** What makes a pod a test of a chart. https://helm.sh/docs/topics/chart_tests/ */
const TEST = { 'helm.sh/hook': 'test', 'helm.sh/hook-delete-policy': 'before-hook-creation' }

/** What a pod lives longer than its check. */
const MORE_SECONDS = 30

/** Where parameters of all pods are written in one of these. */
const PLACES = new Map<string, Pick<Parameter['at'][number], 'pointer' | 'as'>>([
  ['labels', { pointer: '/metadata/labels', as: 'entries' }],
  ['annotations', { pointer: '/metadata/annotations', as: 'entries' }],
  ['imagePullSecrets', { pointer: '/spec/imagePullSecrets', as: 'optional' }],
  ['images/gate', { pointer: '/spec/containers/0/image', as: 'image' }],
  ['global/imageRegistry', { pointer: '/spec/containers/0/image', as: 'registry' }],
])

/** A bundle with a pod of an image for each check that curl can do, for `helm test`; `others`: the names of the other checks. */
export function withTests(
  bundle: Bundle,
  image = GATE_IMAGE,
): { bundle: Bundle; others: string[] } {
  const pods: [RoleId, KubeObject][] = []
  const others: string[] = []
  for (const check of bundle.checks) {
    const script = testScript(check)
    const name = toDnsLabel(`${bundle.name}-test-${check.name}`)
    const isTaken = pods.some(([role]) => role === `pod/${name}`)
    if (script === undefined || isTaken) others.push(check.name)
    else
      pods.push([
        `pod/${name}`,
        testPod({ project: bundle.name, name, image, script, withinMs: check.withinMs }),
      ])
  }
  if (pods.length === 0) return { bundle, others }
  const parameters = bundle.parameters.map((parameter): Parameter => {
    const place = PLACES.get(parameter.path.join('/'))
    if (place === undefined) return parameter
    return {
      ...parameter,
      at: [...parameter.at, ...pods.map(([object]) => ({ object, ...place }))],
    }
  })
  return {
    bundle: { ...bundle, parameters, objects: new Map([...bundle.objects, ...pods]) },
    others,
  }
}

interface TestPod {
  project: string
  name: string
  image: string
  script: string
  withinMs: number
}

function testPod({ project, name, image, script, withinMs }: TestPod): KubeObject {
  const { command, resources, securityContext } = smallContainer(['sh', '-c', script])
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: {
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/managed-by': 'landfall',
        'app.kubernetes.io/part-of': toDnsLabel(project),
      },
      annotations: { ...TEST },
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: Math.ceil(withinMs / 1000) + MORE_SECONDS,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'check', image, command, resources, securityContext }],
    },
  }
}
