import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { sharedApi, type TestApi } from './api.ts'
import { type Statuses, statusesIn } from './statuses.ts'

/** A namespace of its own on the shared API, which is not created, and everything that a test does there. */
export interface ApiNamespace {
  name: string
  api: TestApi
  statuses: Statuses
}

/** The namespace, with its garbage collected while the tests of a file run. */
export function apiNamespace(name: string): ApiNamespace {
  const api = sharedApi()
  const unique = `api-${name}-${randomBytes(3).toString('hex')}`
  const statuses = statusesIn(api, unique)
  const over = new AbortController()
  statuses.collectGarbage(over.signal)
  afterAll(async () => {
    over.abort()
    if (!api.bare) await api.client.delete({ apiVersion: 'v1', kind: 'Namespace', name: unique })
  })
  return { name: unique, api, statuses }
}
