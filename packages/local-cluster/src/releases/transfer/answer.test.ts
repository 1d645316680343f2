import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
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
  expect(await releasesAnswer(table, { kind: 'hosts' }, {}, { limitMs: 60_000 })).toEqual({
    ok: true,
  })
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatch(/^HEAD /)
})

test('a host that refuses and one without the file are named', async () => {
  const closed = await startReleaseServer()
  await closed.close()
  const refused = tableAt((name) => `${closed.url}/${name}`)
  const absent = tableAt((name) => `${server.url}/other/${name}`)
  const why = async (table: ReleaseTable) => {
    const answer = await releasesAnswer(table, { kind: 'hosts' }, {}, { limitMs: 60_000 })
    return answer.ok ? '' : answer.why
  }
  expect(await why(refused)).toBe(`${new URL(closed.url).host} does not respond (ECONNREFUSED)`)
  expect(await why(absent)).toMatch(/^127\.0\.0\.1:\d+ responds with 404 to /)
})

test('a proxy of the environment is used, and NO_PROXY leaves it out', async () => {
  const tunnelled: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    tunnelled.push(request.url ?? '')
    const target = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const end of [socket, target]) end.on('error', () => {})
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => proxy.closeAllConnections())
  onTestFinished(() => void proxy.close())
  const address = proxy.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  for (const name of releaseNames) server.files.set(`/${name}`, Buffer.from('x'))
  const table = tableAt((name) => `http://releases.invalid/${name}`)
  const place = { kind: 'hosts' } as const
  const limitMs = 60_000
  expect(await releasesAnswer(table, place, { HTTP_PROXY: url }, { limitMs })).toEqual({ ok: true })
  const without = { http_proxy: url, no_proxy: 'releases.invalid' }
  expect((await releasesAnswer(table, place, without, { limitMs })).ok).toBe(false)
  expect(tunnelled).toEqual(['releases.invalid:80'])
})
