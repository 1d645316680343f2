import type { KubeObject } from '@landfall/kube'

/** An image that every machine can have: the tests are about deploying, not about what runs. */
export const IMAGE = 'busybox:1.35.0'

type Parts = Record<string, unknown>

function template(name: string, container: Parts, pod: Parts): Parts {
  return {
    metadata: { labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [{ name, image: IMAGE, ...container }],
      ...pod,
    },
  }
}

function metadata(name: string): KubeObject['metadata'] {
  return { name, annotations: { 'landfall.dev/source': `compose.yaml#/services/${name}` } }
}

/** A Deployment of one replica that sleeps; `container` and `pod` say what is special about it. */
export function deployment(name: string, container: Parts = {}, pod: Parts = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name),
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: template(name, { command: ['sleep', '100000'], ...container }, pod),
    },
  }
}

/** A Job whose only container runs a script. */
export function job(name: string, script: string): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name),
    spec: {
      backoffLimit: 0,
      template: template(name, { command: ['sh', '-c', script] }, { restartPolicy: 'Never' }),
    },
  }
}

export function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }
}

export function claim(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  }
}

/** A gate in which a pod waits for ever. */
export const GATE: Parts = {
  name: 'wait-for-nobody',
  image: IMAGE,
  command: ['sh', '-c', 'echo "waiting for nobody (1): nothing answers"; sleep 100000'],
}
