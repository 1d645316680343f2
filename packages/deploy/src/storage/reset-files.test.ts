import { FILLED_FROM_ANNOTATION, type KubeObject, RESET_FILES_ANNOTATION } from '@landfall/kube'
import { deployment, job } from '@landfall/testkit'
import { expect, test } from 'vitest'
import { objectKey } from '../release/inventory.ts'
import { withResets } from './reset-files.ts'

const filled = (object: KubeObject, trees: string[]): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { [FILLED_FROM_ANNOTATION]: JSON.stringify(trees) },
  },
})

const app = filled(deployment('app'), ['./config', './data'])
const web = filled(deployment('web'), ['./site'])
const once = filled(job('once', 'true'), ['./config'])
const plain = deployment('plain')

/** The resets on the pods, by workload. */
function resetsOf(objects: readonly KubeObject[]): Record<string, string> {
  return Object.fromEntries(
    objects.flatMap(({ metadata, spec }) => {
      const text = spec.template.metadata?.annotations?.[RESET_FILES_ANNOTATION]
      return text === undefined ? [] : [[metadata.name, text]]
    }),
  )
}

const asLive = (objects: readonly KubeObject[]) =>
  new Map(objects.map((object) => [objectKey(object), object]))

test('the pods of workloads whose claims have a part of the path get the reset; Jobs and others do not', () => {
  const objects = [app, web, once, plain]
  const reset = (path: string) =>
    resetsOf(withResets(objects, new Map(), { token: 't1', paths: [path] }))
  expect(reset('./config')).toEqual({ app: 't1 ./config' })
  expect(reset('./config/conf.d/a b\n')).toEqual({ app: 't1 ./config/conf.d/a b\\n' })
  expect(reset('./conf')).toEqual({})
  expect(withResets(objects, new Map())).toEqual(objects)
})

test('a reset stays on the pods in later deploys, and a newer one of the same path replaces it', () => {
  const first = withResets([app], new Map(), { token: 't1', paths: ['./config'] })
  const later = withResets([app], asLive(first))
  expect(later).toEqual(first)
  const second = withResets([app], asLive(later), { token: 't2', paths: ['./data'] })
  expect(resetsOf(second)).toEqual({ app: 't1 ./config\nt2 ./data' })
  const third = withResets([app], asLive(second), { token: 't3', paths: ['./config'] })
  expect(resetsOf(third)).toEqual({ app: 't3 ./config\nt2 ./data' })
})
