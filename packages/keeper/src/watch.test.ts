import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { Kept } from './watch.ts'

const state = (resourceVersion: string, note: string, uid = 'one'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid, resourceVersion, annotations: { note } },
})

const noted = () => new Kept(({ metadata }) => metadata.annotations?.note)

test('what a watch reports of before a write does not undo what the answer to the write has shown', () => {
  const kept = noted()
  kept.takeAll([state('7', 'first')])
  kept.take(state('100', 'written'))
  kept.take(state('99', 'first'))
  expect([...kept.objects.values()]).toEqual(['written'])
  kept.take(state('101', 'later'))
  expect([...kept.objects.values()]).toEqual(['later'])
})

test('a list that began before a write does not undo it; what it lacks is gone', () => {
  const kept = noted()
  kept.takeAll([state('7', 'first'), state('8', 'gone', 'two')])
  kept.take(state('100', 'written'))
  kept.takeAll([state('99', 'first')])
  expect([...kept.objects]).toEqual([['one', 'written']])
})

test('an object that was removed and is there again counts whatever its version', () => {
  const kept = noted()
  kept.take(state('100', 'first'))
  kept.remove(state('101', 'first'))
  kept.take(state('9', 'restored from a backup'))
  expect([...kept.objects.values()]).toEqual(['restored from a backup'])
})

test('versions that are not numbers are taken in the order of arrival', () => {
  const kept = noted()
  kept.take(state('b', 'first'))
  kept.take(state('a', 'second'))
  expect([...kept.objects.values()]).toEqual(['second'])
})
