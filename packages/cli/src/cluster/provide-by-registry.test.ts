import { expect, test } from 'vitest'
import { pushedName } from './provide-by-registry.ts'

test('an image is pushed below the registry by its last name', () => {
  expect(pushedName('shop-api', 'registry.example.com/team/')).toBe(
    'registry.example.com/team/shop-api',
  )
  expect(pushedName('ghcr.io/me/app:1.2', '10.0.0.1:5000')).toBe('10.0.0.1:5000/app')
})
