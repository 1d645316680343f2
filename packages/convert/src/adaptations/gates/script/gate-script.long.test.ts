import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printWait, type Wait } from '@landfall/kube'
import { describe, expect, test, vi } from 'vitest'
import { freePort, gateBench, isThere, shells } from './gate-bench.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 30_000 })

const { directory, environment, runGate, serveHttp, serveTcp } = gateBench()

describe.skipIf(!isThere('curl')).each(shells)('the gate under %s (needs curl)', (words) => {
  const shell = words?.split(' ') ?? []

  test('ends in silence when everything holds, also on the last line without a line break', async () => {
    const silent = await serveTcp()
    const http = await serveHttp((_request, response) => response.end('{"ok": true}'))
    const list = `started 127.0.0.1 1 ${silent}\nhealthy 127.0.0.1 ${http}\ndns localhost\nready-name localhost\nfile ${directory()}/gate.sh\nhttp 2xx http://127.0.0.1:${http}/?a&b=*\ntcp 127.0.0.1 ${silent}`
    expect(await runGate(shell, list)).toEqual({ code: 0, lines: [] })
  })

  test('says once what it waits for, and goes on when it is there', async () => {
    const port = await freePort()
    const run = runGate(shell, `started 127.0.0.1 ${port}\n`, {
      told: () => void setTimeout(() => void serveTcp(undefined, port), 50),
    })
    expect(await run).toEqual({
      code: 0,
      lines: [`waiting for 127.0.0.1 (${port}): nothing answers`],
    })
  })

  test('asks for the status and the text that the wait names', async () => {
    let asked = 0
    const port = await serveHttp((_request, response) => {
      asked++
      response.statusCode = asked <= 2 ? 503 : 200
      response.end(asked <= 3 ? 'still empty' : 'now with a Service ID in it\n')
    })
    const url = `http://127.0.0.1:${port}/v1/health?passing`
    expect(await runGate(shell, `http 2xx ${url} Service ID\n`)).toEqual({
      code: 0,
      lines: [
        `waiting for ${url}: it answers 503`,
        `waiting for ${url}: the answer does not hold Service ID`,
      ],
    })
  })

  test('an exact status is that status', async () => {
    const port = await serveHttp((_request, response) => {
      response.statusCode = 401
      response.end()
    })
    expect((await runGate(shell, `http 401 http://127.0.0.1:${port}/\n`)).code).toBe(0)
  })

  test('follows a Job through its states, and never gives up', async () => {
    const states = [
      [403, '{}'],
      [404, '{}'],
      [200, '{"metadata":{"resourceVersion":"42"},"status":{"active":1}}'],
      [200, '{"status":{"active":1,"failed":2}}'],
      [
        200,
        '{"status":{"conditions":[{"type":"Failed","status":"True","message":"Container migrate for pod shop/migrate-1 failed with exit code 12 matching FailJob rule at index 1"}],"failed":3}}',
      ],
      [200, '{"status":{"conditions":[{"type":"Complete","status":"True"}]}}'],
    ] as const
    const asked: string[] = []
    const watched: string[] = []
    const port = await serveHttp((request, response) => {
      if (request.url?.includes('watch=true')) {
        watched.push(request.url)
        response.write('{"type":"MODIFIED"}\n')
        return
      }
      asked.push(`${request.url} ${request.headers.authorization} ${request.headers['user-agent']}`)
      const [status, body] = states[Math.min(asked.length, states.length) - 1] as [number, string]
      response.statusCode = status
      response.end(body)
    })
    const api = `http://127.0.0.1:${port}`
    expect(await runGate(shell, 'job migrate-123 migrate\n', { api })).toEqual({
      code: 0,
      lines: [
        'waiting for job/migrate: the Role that lets it be read is not there yet',
        'waiting for job/migrate: there is no Job migrate-123 yet',
        'waiting for job/migrate: not complete',
        'waiting for job/migrate: failed twice, runs again',
        'waiting for job/migrate: it failed for good, last exit 12 (kubectl logs job/migrate-123)',
      ],
    })
    expect(watched).toEqual([
      '/apis/batch/v1/namespaces/shop/jobs?watch=true&fieldSelector=metadata.name%3Dmigrate-123&resourceVersion=42',
    ])
    expect(asked[0]).toBe(
      '/apis/batch/v1/namespaces/shop/jobs/migrate-123?pretty=false Bearer secret landfall-gate',
    )
  })

  test('a one-shot that is healthy while it works holds when its pod is ready, when it is complete, and not when it failed', async () => {
    const ready = '{"metadata":{"resourceVersion":"1"},"status":{"active":1,"ready":1}}'
    const states: Record<string, string[]> = {
      works: ['{"status":{"active":1,"ready":0}}', ready],
      done: ['{"status":{"conditions":[{"type":"Complete","status":"True"}],"ready":0}}'],
      // Of several pods one may be ready when the Job fails.
      failed: [
        '{"status":{"conditions":[{"type":"Failed","status":"True","message":"x"}],"ready":1}}',
        '{"status":{"conditions":[{"type":"Complete","status":"True"}]}}',
      ],
    }
    const port = await serveHttp((request, response) => {
      const name = /jobs\/(\w+)\?/.exec(request.url ?? '')?.[1] ?? ''
      const [state = '', ...rest] = states[name] ?? []
      if (rest.length > 0) states[name] = rest
      response.end(state)
    })
    const api = `http://127.0.0.1:${port}`
    const list = 'job-or-ready works setup\njob-or-ready done setup\njob-or-ready failed setup\n'
    expect(await runGate(shell, list, { api })).toEqual({
      code: 0,
      lines: [
        'waiting for job/setup: not complete, and no pod of it is ready',
        'waiting for job/setup: it failed for good (kubectl logs job/failed)',
      ],
    })
  })

  test('does not watch a Job that is complete while something else is waited for', async () => {
    const watched: string[] = []
    const port = await serveHttp((request, response) => {
      if (request.url?.includes('watch=true')) watched.push(request.url)
      else if (request.url === '/')
        response.writeHead(watched.length + opened++ < 2 ? 503 : 200).end()
      else
        response.end(
          '{"metadata":{"resourceVersion":"42"},"status":{"conditions":[{"type":"Complete","status":"True"}]}}',
        )
    })
    let opened = 0
    const api = `http://127.0.0.1:${port}`
    const list = `job migrate-123 migrate\nhttp 200 ${api}/\n`
    expect((await runGate(shell, list, { api })).lines).toEqual([
      `waiting for ${api}/: it answers 503, not 200`,
    ])
    expect(watched).toEqual([])
  })

  test('takes a Job whose success is settled for complete', async () => {
    const port = await serveHttp((_request, response) =>
      response.end('{"status":{"conditions":[{"type":"SuccessCriteriaMet","status":"True"}]}}'),
    )
    const api = `http://127.0.0.1:${port}`
    expect(await runGate(shell, 'job migrate-123 migrate\n', { api })).toEqual({
      code: 0,
      lines: [],
    })
  })

  test('takes a Job that its checker marked as done for complete', async () => {
    const port = await serveHttp((_request, response) =>
      response.end('{"metadata":{"annotations":{"landfall.dev/done":"true"}},"status":{}}'),
    )
    const api = `http://127.0.0.1:${port}`
    expect(await runGate(shell, 'job seed-123 seed\n', { api })).toEqual({ code: 0, lines: [] })
  })

  test.each([
    [200, []],
    [403, ['job/seed-123 could not be marked as done (403); it is done when it is complete']],
  ])(
    'a check that succeeds marks its Job as done; answered %i it ends all the same',
    async (status, lines) => {
      const asked: string[] = []
      const port = await serveHttp((request, response) => {
        let body = ''
        request.on('data', (data) => {
          body += data
        })
        request.on('end', () => {
          const { method, url, headers } = request
          asked.push(`${method} ${url} ${headers['content-type']} ${headers.authorization} ${body}`)
          response.writeHead(status).end('{}')
        })
      })
      const api = `http://127.0.0.1:${port}`
      const list = `file ${directory()}/gate.sh\n`
      expect(await runGate(shell, list, { mode: ['check', '2'], api, job: 'seed-123' })).toEqual({
        code: 0,
        lines,
      })
      expect(asked).toEqual([
        'PATCH /apis/batch/v1/namespaces/shop/jobs/seed-123 application/merge-patch+json Bearer secret ' +
          '{"metadata":{"annotations":{"landfall.dev/done":"true"}}}',
      ])
    },
  )

  test('lists pods where nothing else tells that they run', async () => {
    const asked: (string | undefined)[] = []
    const port = await serveHttp((request, response) => {
      asked.push(request.url)
      response.end(
        asked.length === 1 ? '{"items":[]}' : '{"items":[{"status":{"phase":"Running"}}]}',
      )
    })
    const api = `http://127.0.0.1:${port}`
    expect(await runGate(shell, 'pods db shop\n', { api })).toEqual({
      code: 0,
      lines: ['waiting for db: no pod of it has started'],
    })
    expect(asked[0]).toMatch(
      /pods\?pretty=false&labelSelector=app.kubernetes.io\/name%3Ddb%2Capp.kubernetes.io\/instance%3Dshop$/,
    )
  })

  test('sends what the wait names', async () => {
    const asked: string[] = []
    const port = await serveHttp((request, response) => {
      let body = ''
      request.on('data', (data) => {
        body += data
      })
      request.on('end', () => {
        const { method, url, headers } = request
        asked.push(`${method} ${url} ${headers['x-a']} ${headers['content-type']} ${body}`)
        response.end('two words')
      })
    })
    const wait: Wait = {
      kind: 'http',
      url: `http://127.0.0.1:${port}/a?b`,
      status: '2xx',
      text: 'two words',
      request: {
        method: 'PUT',
        headers: { 'X-A': '"q" \\ $(x) `y`', 'Content-Type': 'text/plain' },
        body: 'line 1\n\t"line" 2 \\n %s €',
      },
    }
    expect(await runGate(shell, `${printWait(wait)}\n`)).toEqual({ code: 0, lines: [] })
    expect(asked).toEqual(['PUT /a?b "q" \\ $(x) `y` text/plain line 1\n\t"line" 2 \\n %s €'])
    const less = { ...wait, request: { body: 'x' } }
    await runGate(shell, `${printWait(less)}\nhttp 2xx http://127.0.0.1:${port}/plain\n`)
    expect(asked.slice(1).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'POST /a?b',
      'GET /plain',
    ])
  })

  test('waits for the new pods of a Deployment', async () => {
    const deployment = (template: string, generation: number, status: object) =>
      JSON.stringify({
        metadata: {
          name: 'mq',
          generation,
          annotations: {
            'landfall.dev/template': template,
            last: '{"status":{"observedGeneration":9}}',
          },
          managedFields: [{ fieldsV1: { 'f:status': { 'f:replicas': {} } } }],
        },
        spec: { replicas: 1 },
        status: { ...status, conditions: [{ type: 'Available', status: 'True' }] },
      })
    const old = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 }
    const both = { observedGeneration: 2, replicas: 2, updatedReplicas: 1, readyReplicas: 1 }
    const answers: [number, string][] = [
      [404, '{}'],
      [200, deployment('aaa', 1, old)],
      [200, deployment('bbb', 2, old)],
      [200, deployment('bbb', 2, both)],
      [200, deployment('bbb', 2, { observedGeneration: 2, replicas: 1, updatedReplicas: 1 })],
      [200, deployment('bbb', 2, { ...old, observedGeneration: 2 })],
    ]
    const asked = new Set<string | undefined>()
    const port = await serveHttp((request, response) => {
      asked.add(request.url)
      const [status, text] = answers.shift() ?? [500, '']
      response.writeHead(status).end(text)
    })
    const api = `http://127.0.0.1:${port}`
    expect(await runGate(shell, 'rollout mq bbb\n', { api })).toEqual({
      code: 0,
      lines: [
        'waiting for mq: there is no Deployment of it yet',
        'waiting for mq: its new revision is not there yet',
        'waiting for mq: its new pods are not ready',
      ],
    })
    expect(answers).toEqual([])
    expect([...asked]).toEqual(['/apis/apps/v1/namespaces/shop/deployments/mq?pretty=false'])
  })

  test('a check looks so many times, then exits with 75', async () => {
    const list = `file ${directory()}/missing file\n`
    expect(await runGate(shell, list, { mode: ['check', '2'] })).toEqual({
      code: 75,
      lines: [
        `waiting for ${directory()}/missing file: there is no such file`,
        `not done: ${directory()}/missing file: there is no such file`,
      ],
    })
  })

  test('a name that does not resolve is told, and a stop is obeyed', async () => {
    const lists = mkdtempSync(join(directory(), 'waits-'))
    writeFileSync(join(lists, 'list'), 'ready-name nobody.invalid\n')
    const [command = 'sh', ...options] = shell
    const child = spawn(command, [...options, join(directory(), 'gate.sh'), 'wait', lists], {
      env: environment(),
    })
    const told = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    )
    expect(told).toBe('waiting for nobody.invalid: no pod of it is ready\n')
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(143)
  })
})
