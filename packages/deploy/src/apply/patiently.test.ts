import { ConnectionError } from '@landfall/kube'
import { expect, test } from 'vitest'
import { patiently } from './patiently.ts'

test('what cannot reach the server is done again, what is refused is not', async () => {
  let tries = 0
  const reached = await patiently(async () => {
    tries++
    if (tries === 1) throw new ConnectionError('http://cluster', new Error('ECONNREFUSED'))
    return 'done'
  })
  expect([reached, tries]).toEqual(['done', 2])
  await expect(patiently(async () => Promise.reject(new Error('refused')))).rejects.toThrow(
    'refused',
  )
})
