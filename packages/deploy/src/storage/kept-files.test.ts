import {
  FILLED_FROM_ANNOTATION,
  type KubeClient,
  type KubeObject,
  type LogOptions,
  printFillSteps,
} from '@landfall/kube'
import { deployment } from '@landfall/testkit'
import { expect, test } from 'vitest'
import { readKeptFiles } from './kept-files.ts'

const app: KubeObject = {
  ...deployment('app'),
  metadata: {
    name: 'app',
    annotations: { [FILLED_FROM_ANNOTATION]: '["./config","./data"]' },
  },
}

const pod = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more },
  spec: {
    initContainers: [
      { name: 'wait-for-db', command: ['sh', '/landfall/gate/gate.sh'] },
      {
        name: 'landfall-fill',
        command: printFillSteps([
          { verb: 'fill', place: 0, id: 'data', path: 'data', shown: './config' },
        ]),
      },
    ],
  },
})

/** Pods by name with the lines of their fill container; no line for a log that cannot be read. */
function clientOf(pods: KubeObject[], logs: Record<string, string[]>): KubeClient {
  return {
    list: async () => ({ items: pods }),
    async *logs({ pod: name, container }: LogOptions) {
      expect(container).toBe('landfall-fill')
      const lines = logs[name]
      if (lines === undefined) throw new Error('the node does not answer')
      yield* lines
    },
  } as unknown as KubeClient
}

test('files are reported by tree, each once, of pods that stay', async () => {
  const client = clientOf(
    [pod('a'), pod('b'), pod('c'), pod('old', { deletionTimestamp: 'now' })],
    {
      a: ['kept ./config/x: changed in the volume', 'something else'],
      b: ['kept ./config/x: changed in the volume', 'kept ./config/a: deleted in the volume'],
      old: ['kept ./config/old: changed in the volume'],
    },
  )
  const copied = [{ path: './data/big', why: 'changed in the volume' }]
  expect(await readKeptFiles(client, 'shop', [app], copied)).toEqual([
    {
      tree: './config',
      files: [
        { path: './config/a', why: 'deleted in the volume' },
        { path: './config/x', why: 'changed in the volume' },
      ],
    },
    { tree: './data', files: copied },
  ])
})

test('without such claims nothing is read', async () => {
  const client = {} as KubeClient
  expect(await readKeptFiles(client, 'shop', [deployment('plain')], [])).toEqual([])
})
