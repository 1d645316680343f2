import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const PASSWORD = 'hop-sing-777'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-edited-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

/** Converts a project with this tag of its image. */
async function convert(tag: string, ...args: string[]) {
  writeFileSync(
    join(scratch, 'compose.yaml'),
    `services: { web: { image: "nginx:${tag}", environment: { DB_PASSWORD: ${PASSWORD}${tag} }, mem_limit: 64m } }\n`,
  )
  const { terminal, printed } = quietTerminal(scratch)
  const code = await run(['convert', '--offline', '-o', 'out', ...args], terminal)
  return { code, ...printed }
}

const file = (name: string) => join(scratch, 'out', name)

/** Changes a file as a person would, in an editor. */
function edit(name: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file(name), 'utf8')
  expect(text).toMatch(from)
  writeFileSync(file(name), text.replace(from, to))
}

test('a changed file is left: a note as long as the project is the same, exit code 1 when it is not, --force overwrites', async () => {
  expect(await convert('1.28')).toMatchObject({ code: 0 })
  edit('deployment-web.yaml', 'replicas: 1', 'replicas: 3')

  const same = await convert('1.28')
  expect(same.code).toBe(0)
  expect(same.stderr).toContain(
    'note: out/deployment-web.yaml was changed by hand and is left as it is (--force: 1 line added, 1 removed)\n',
  )
  expect(same.stderr).toContain('    -  replicas: 3\n    +  replicas: 1\n')
  expect(same.stdout).toMatch(/^Wrote 2 of 3 objects to out \(/)

  const changed = await convert('1.29')
  expect(changed.code).toBe(1)
  expect(changed.stderr).toMatch(
    /^error: out\/deployment-web\.yaml was changed by hand .* changed since \(--force: 2 lines added, 2 removed\)$/m,
  )
  expect(readFileSync(file('deployment-web.yaml'), 'utf8')).toContain('replicas: 3')

  const json = await convert('1.29', '--output', 'json')
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'written',
    files: ['secret-web-environment.yaml', 'service-web.yaml'],
    kept: [{ file: 'deployment-web.yaml', state: 'outdated', added: 2, removed: 2 }],
    removed: [],
  })
  expect(json.stdout).not.toContain('replicas')

  expect(await convert('1.29', '--force')).toMatchObject({ code: 0 })
  expect(readFileSync(file('deployment-web.yaml'), 'utf8')).not.toContain('replicas: 3')
})

test('of a Secret that somebody has changed no line is printed', async () => {
  await convert('1.28')
  edit('secret-web-environment.yaml', /DB_PASSWORD: .*/, 'DB_PASSWORD: b3RoZXItcGFzc3dvcmQ=')
  const { code, stdout, stderr } = await convert('1.29')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: out\/secret-web-environment\.yaml .* 1 removed\)$/m)
  for (const secret of ['DB_PASSWORD', 'sha256', 'b3RoZXI', PASSWORD, btoa(PASSWORD).slice(0, 12)])
    expect(stdout + stderr).not.toContain(secret)
  expect(stderr).not.toContain('secrets changed')
})
