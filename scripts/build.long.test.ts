import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@landfall/testkit'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'

const bundle = mkdtempSync(join(tmpdir(), 'landfall-bundle-'))
afterAll(() => rmSync(bundle, { recursive: true }))

test('the bundle has no import(), which code compiled ahead cannot call', async () => {
  await run(process.execPath, ['scripts/build.mjs', bundle])
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
