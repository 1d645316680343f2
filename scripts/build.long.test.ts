import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@landfall/testkit'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const bundle = mkdtempSync(join(tmpdir(), 'landfall-bundle-'))
beforeAll(() => run(process.execPath, ['scripts/build.mjs', bundle]))
afterAll(() => rmSync(bundle, { recursive: true }))

test('the program of the keeper is small enough for an object, and complete', async () => {
  const [name = '', ...others] = readdirSync(bundle).filter((file) => file.startsWith('keeper-'))
  expect(others).toEqual([])
  expect(statSync(join(bundle, name)).size).toBeLessThan(200_000)
  const modules = readFileSync(join(bundle, name), 'utf8').matchAll(/require\("([^"]+)"\)/g)
  const required = [...new Set([...modules].map(([, module]) => module))]
  expect(required.filter((module) => !isBuiltin(module ?? ''))).toEqual([])
})

test('the bundle has no import(), which code compiled ahead cannot call', async () => {
  const { metafile } = await build({
    entryPoints: readdirSync(bundle)
      .filter((name) => /\.c?js$/.test(name))
      .map((name) => join(bundle, name)),
    bundle: true,
    outdir: bundle,
    platform: 'node',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
  expect(imports.map(({ path }) => path)).toContain('node:zlib')
  expect(imports.filter(({ kind }) => kind === 'dynamic-import')).toEqual([])
})
