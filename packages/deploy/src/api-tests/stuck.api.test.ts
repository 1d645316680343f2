import { apiNamespace, configMap } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import { deployRelease, downRelease } from '../index.ts'
import { readInventory } from '../release/inventory.ts'
import { fastClock } from '../test-clock.ts'

const { name: namespace, api } = apiNamespace('stuck', { deletes: true })
const { client } = api
const where = { client, release: 'stuck', namespace, clock: fastClock(10) }

const held = configMap('held', { a: '1' })
const withFinalizers = (finalizers: string[]) => ({
  ...held,
  metadata: { ...held.metadata, namespace, finalizers },
})

describe.sequential('objects that something keeps', () => {
  test('down names them and their finalizers when nothing more goes, and keeps the record of the release', async () => {
    const { state } = await deployRelease({
      ...where,
      objects: [withFinalizers(['example.com/a', 'example.com/b']), configMap('free', { b: '2' })],
      timeoutMs: 1_000_000,
    })
    expect(state).toBe('ready')
    const report = await downRelease(where)
    expect(report.deleted).toContain('configmap/free')
    expect(report).toMatchObject({
      namespace: 'inUse',
      undeleted: [{ object: 'configmap/held', by: 'finalizers example.com/a, example.com/b' }],
    })
    expect(await readInventory(client, where)).toBeDefined()
  })

  test('down continues when they are gone', async () => {
    await client.apply(withFinalizers([]))
    const report = await downRelease(where)
    expect(report.undeleted).toEqual([])
    expect(await readInventory(client, where)).toBeUndefined()
  })
})
