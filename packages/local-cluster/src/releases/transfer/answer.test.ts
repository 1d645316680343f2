import { afterAll, beforeAll, expect, test } from 'vitest'
import { architecture } from '../../host/architecture.ts'
import { type ReleaseServer, startReleaseServer } from '../release-server.ts'
import { type ReleaseTable, releaseNames } from '../table.ts'
import { releasesAnswer } from './answer.ts'

let server: ReleaseServer
beforeAll(async () => {
  server = await startReleaseServer()
})
afterAll(() => server.close())

/** A table whose files are at these addresses. */
function tableAt(url: (name: string) => string): ReleaseTable {
  const entry = { version: '1', architecture, sha256: 'a'.repeat(64), limitMiB: 1 }
  return { files: releaseNames.map((name) => ({ ...entry, name, url: url(name) })) }
}

test('hosts that respond are each requested once', async () => {
  for (const name of releaseNames) server.files.set(`/${name}`, Buffer.from('x'))
  const table = tableAt((name) => `${server.url}/${name}`)
  expect(await releasesAnswer(table, { kind: 'hosts' }, {})).toEqual({ ok: true })
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatch(/^HEAD /)
})

test('a host that refuses and one without the file are named', async () => {
  const refused = tableAt((name) => `http://127.0.0.1:1/${name}`)
  const absent = tableAt((name) => `${server.url}/other/${name}`)
  const why = async (table: ReleaseTable) => {
    const answer = await releasesAnswer(table, { kind: 'hosts' }, {})
    return answer.ok ? '' : answer.why
  }
  expect(await why(refused)).toBe('127.0.0.1:1 does not respond (ECONNREFUSED)')
  expect(await why(absent)).toMatch(/^127\.0\.0\.1:\d+ responds with 404 to /)
})

test('a proxy of the environment is used, and NO_PROXY leaves it out', async () => {
  server.requests.length = 0
  for (const name of releaseNames) server.files.set(`/${name}`, Buffer.from('x'))
  const table = tableAt((name) => `http://releases.invalid/${name}`)
  const place = { kind: 'hosts' } as const
  expect(await releasesAnswer(table, place, { HTTP_PROXY: server.url })).toEqual({ ok: true })
  const without = { http_proxy: server.url, no_proxy: 'releases.invalid' }
  expect((await releasesAnswer(table, place, without)).ok).toBe(false)
  expect(server.requests).toHaveLength(1)
})
