import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(`${tmpdir()}/landfall-pack-test-`)
const project = `${scratch}/project`

function run(command: string, args: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

/** A script that imports from the installed package, bundled for browsers. */
async function bundleForBrowser(script: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: project },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    minify: true,
  })
  return outputFiles[0]?.text ?? ''
}

beforeAll(() => {
  mkdirSync(project)
  const packed = run(process.execPath, [`${root}scripts/pack-compose.mjs`, scratch])
  if (packed.status !== 0) throw new Error(packed.said)
  const tarball = packed.said.trim()
  writeFileSync(`${project}/package.json`, '{ "type": "module" }')
  const options = ['--offline', '--install-links', '--no-audit', '--no-fund', '--loglevel=error']
  // `yaml` comes from this checkout, so that no registry is asked.
  const { status, said } = run('npm', ['install', ...options, tarball, `${root}node_modules/yaml`])
  if (status !== 0) throw new Error(said)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('the installed package depends on yaml alone', () => {
  const manifest = readFileSync(`${project}/node_modules/@landfall/compose/package.json`, 'utf8')
  expect(Object.keys(JSON.parse(manifest).dependencies)).toEqual(['yaml'])
})

test('the example of the README has right types and prints what the README says', () => {
  const readme = readFileSync(`${project}/node_modules/@landfall/compose/README.md`, 'utf8')
  const block = (language: string) => readme.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? ''
  const wrong =
    '// @ts-expect-error a port is a number\nproject?.services.web?.ports?.[0]?.target.trim\n'
  writeFileSync(`${project}/example.mts`, `${block('ts')}${wrong}`)
  writeFileSync(`${project}/console.d.ts`, 'declare const console: { log(value: unknown): void }')
  writeFileSync(`${project}/example.mjs`, block('ts'))

  const compiler = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--lib',
    'es2023',
    '--types',
    '',
  ]
  expect(
    run(`${root}node_modules/.bin/tsc`, [
      ...compiler,
      '--ignoreConfig',
      'example.mts',
      'console.d.ts',
    ]),
  ).toEqual({ status: 0, said: '' })
  expect(run(process.execPath, ['example.mjs'])).toEqual({ status: 0, said: block('text') })
})

test('the file system of this machine comes from an entry of its own', () => {
  writeFileSync(`${project}/compose.yaml`, 'services: { web: { image: nginx } }')
  const script = `
    import { loadProject } from '@landfall/compose'
    import { nodeFiles } from '@landfall/compose/node'
    const { project } = loadProject({ files: nodeFiles(), workingDirectory: process.cwd(), environment: {} })
    console.log(project.services.web.image)`
  expect(run(process.execPath, ['--input-type=module', '-e', script])).toEqual({
    status: 0,
    said: 'nginx\n',
  })
})

test('a browser needs nothing of Node: only encoding and base64 of the web', async () => {
  const script = await bundleForBrowser(`
    import { loadProject, memoryFiles } from '@landfall/compose'
    const files = memoryFiles({ '/shop/compose.yaml': 'services: { web: { image: "nginx:$TAG" } }' })
    export const { project } = loadProject({ files, workingDirectory: '/shop', environment: { TAG: '1' } })`)
  const web = { TextDecoder, TextEncoder, atob }
  expect(runInNewContext(`${script}; JSON.stringify(page.project.services)`, web)).toContain(
    '"image":"nginx:1"',
  )
})

test('what is not used is left out of a bundle', async () => {
  const script = await bundleForBrowser(
    `export { memoryFiles, positionAt } from '@landfall/compose'`,
  )
  expect(script.length).toBeLessThan(4096)
})
