import { Buffer } from 'node:buffer'
import { describe, expect, test, vi } from 'vitest'
import { gateBench, isThere, shells } from './gate-bench.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 30_000 })

const { runGate, serveHttp, serveTcp, install, directory } = gateBench()

const ready = isThere('curl') && isThere('busybox')

describe.skipIf(!ready).each(shells)(
  'clients of the gate under %s (needs curl, busybox)',
  (words) => {
    const shell = words?.split(' ') ?? []

    test('a queue has a consumer: the login is not in a command line, and each answer is reported', async () => {
      const answers: [number, string][] = [
        [401, '{"error":"not_authorised"}'],
        [404, '{"error":"Object Not Found"}'],
        [200, '{"consumers":0}'],
        [200, '{"consumers":12}'],
      ]
      const asked: string[] = []
      const port = await serveHttp((request, response) => {
        const [, login = ''] = request.headers.authorization?.split(' ') ?? []
        asked.push(`${request.url} ${Buffer.from(login, 'base64')}`)
        const [status, text] = answers[asked.length - 1] ?? [500, '']
        response.writeHead(status).end(text)
      })
      const variables = { LOGIN_1_USER: 'me', LOGIN_1_PASSWORD: 'a"b\\c $(d) \'e' }
      const list = `consumer http://127.0.0.1:${port} LOGIN_1 %2F a%20queue\n`
      expect(await runGate(shell, list, { variables })).toEqual({
        code: 0,
        lines: [
          `waiting for queue a%20queue: the login is refused at http://127.0.0.1:${port}`,
          `waiting for queue a%20queue: there is no such queue at http://127.0.0.1:${port}`,
          'waiting for queue a%20queue: it has no consumer',
        ],
      })
      expect(asked[0]).toBe(
        `/api/queues/%2F/a%20queue?columns=consumers me:${variables.LOGIN_1_PASSWORD}`,
      )
    })

    test('the opposite of an effect holds when that was observed, and not when nothing answers', async () => {
      const statuses = [200, 503]
      const port = await serveHttp((_request, response) => {
        if (statuses.length === 0) return response.destroy()
        response.writeHead(statuses.shift() ?? 0).end()
      })
      const url = `http://127.0.0.1:${port}/`
      expect(await runGate(shell, `not http 2xx ${url}\n`)).toEqual({
        code: 0,
        lines: [`waiting for the end of http 2xx ${url}`],
      })
      const check = { mode: ['check', '2'] }
      expect(await runGate(shell, `not http 2xx ${url}\n`, check)).toEqual({
        code: 75,
        lines: [`waiting for ${url}: nothing answers`, `not done: ${url}: nothing answers`],
      })
      const files = `not file ${directory()}/missing file\nnot dns nobody.invalid\nnot tcp 127.0.0.1 1\n`
      expect(await runGate(shell, files, check)).toEqual({ code: 0, lines: [] })
      expect((await runGate(shell, `not file ${directory()}/gate.sh\n`, check)).code).toBe(75)
    })

    test('a znode: the requests are those of the protocol, and the error of the answer decides', async () => {
      const requests: string[] = []
      const errors = [-101, -4, 0]
      const port = await serveTcp((socket) => {
        let received = Buffer.alloc(0)
        socket.on('data', (data) => {
          received = Buffer.concat([received, data])
          // The last request is that the session ends.
          if (!received.subarray(-4).equals(Buffer.from([255, 255, 255, 245]))) return
          requests.push(received.toString('hex'))
          const session = Buffer.alloc(4 + 37)
          session.writeInt32BE(37)
          const answer = Buffer.alloc(4 + 16 + 68)
          answer.writeInt32BE(16 + 68)
          answer.writeInt32BE(errors.shift() ?? 0, 4 + 12)
          socket.end(Buffer.concat([session, answer]))
        })
      })
      expect(await runGate(shell, `znode 127.0.0.1 ${port} /otter/node/1\n`)).toEqual({
        code: 0,
        lines: [
          'waiting for znode /otter/node/1: there is no such node',
          'waiting for znode /otter/node/1: the answer is error 0xfffffffc',
        ],
      })
      const session = `0000002d${'0'.repeat(24)}00000fa0${'0'.repeat(16)}00000010${'0'.repeat(32)}01`
      const path = Buffer.from('/otter/node/1').toString('hex')
      expect(requests[0]).toBe(
        `${session}0000001a00000001000000030000000d${path}000000000800000002fffffff5`,
      )
      const silent = await serveTcp()
      expect(
        await runGate(shell, `not znode 127.0.0.1 ${silent} /a\n`, { mode: ['check', '1'] }),
      ).toEqual({ code: 75, lines: [`not done: znode /a: 127.0.0.1 (${silent}) does not answer`] })
    })

    test.each([
      ['mysql', 'mysql', '$MYSQL_PWD'],
      ['mysql', 'mariadb', '$MYSQL_PWD'],
      ['postgres', 'psql', '$PGPASSWORD'],
    ])(
      'a query in %s by %s: a row may be empty, and an error is not the absence of rows',
      async (client, program, password) => {
        const state = `${directory()}/state`
        install(
          program,
          `echo "$* ${password}" >> ${state}.asked
      case $(cat ${state} 2>/dev/null) in
        '') echo 'ERROR 2002: cannot connect' >&2; echo 1 > ${state}; exit 1 ;;
        1) echo 'ERROR 2002: cannot connect' >&2; echo 2 > ${state}; exit 1 ;;
        2) echo 'a warning' >&2; echo 3 > ${state} ;;
        3) echo ;;
      esac`,
        )
        const variables = {
          ...{ LOGIN_1_USER: 'me', LOGIN_1_PASSWORD: 'swordfish', LOGIN_1_DATABASE: 'otter' },
          // No other client than the one that is installed here.
          PATH: `${directory()}:/usr/bin/nowhere:/bin`,
        }
        const query = "SELECT 1 FROM node WHERE name = '*'"
        const list = `rows ${client} db 3306 LOGIN_1 ${query}\n`
        expect(await runGate(shell, list, { variables })).toEqual({
          code: 0,
          lines: [
            'waiting for db: ERROR 2002: cannot connect',
            `waiting for db: no row for ${query}`,
          ],
        })
      },
    )
  },
)
