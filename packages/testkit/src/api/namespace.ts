import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { sharedApi, type TestApi } from './api.ts'
import { collectGarbage } from './garbage.ts'
import { type Statuses, statusesIn } from './statuses.ts'

/** A namespace of its own on the shared API, which is not created, and everything that a test does there. */
export interface ApiNamespace {
  name: string
  api: TestApi
  statuses: Statuses
}

/** The namespace; with `deletes`, what is deleted in it goes while the tests of the file run, as on a cluster with controllers. */
export function apiNamespace(name: string, { deletes = false } = {}): ApiNamespace {
  const api = sharedApi()
  const unique = `api-${name}-${randomBytes(3).toString('hex')}`
  const statuses = statusesIn(api, unique)
  const over = new AbortController()
  if (deletes && api.bare) void collectGarbage(api, unique, over.signal)
  afterAll(async () => {
    over.abort()
    if (!api.bare) await api.client.delete({ apiVersion: 'v1', kind: 'Namespace', name: unique })
  })
  return { name: unique, api, statuses }
}
