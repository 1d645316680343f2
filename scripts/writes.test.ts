import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'))

/** Names of the files of packages that the linter's rule on writing refuses, given their texts. */
function refused(texts: readonly string[]): string[] {
  const { vcs: _, ...rules } = JSON.parse(readFileSync('biome.json', 'utf8'))
  const root = mkdtempSync(join(tmpdir(), 'landfall-lint-'))
  try {
    writeFileSync(join(root, 'biome.json'), JSON.stringify(rules))
    mkdirSync(join(root, 'packages/any/src'), { recursive: true })
    for (const [index, text] of texts.entries())
      writeFileSync(join(root, `packages/any/src/${index}.ts`), `${text}\n`)
    const args = [biome, 'lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '.']
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    const found = `${stdout}${stderr}`.matchAll(/src\/(\d+)\.ts:\S+ lint\/style\/noRestricted/g)
    return [...new Set(Array.from(found, ([, index]) => texts[Number(index)] ?? ''))].toSorted()
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('the linter refuses packages that write files by themselves, and no others', () => {
  const writing = [
    "import { writeFileSync } from 'node:fs'",
    "import { readFileSync, openSync as open } from 'node:fs'",
    "import * as fs from 'node:fs'",
    "import fs from 'node:fs'",
    "import { promises } from 'fs'",
    "import { appendFile } from 'node:fs/promises'",
    "const { createWriteStream } = await import('node:fs')",
    "export { copyFileSync } from 'node:fs'",
  ]
  const reading = "import { type Stats, readFileSync } from 'node:fs'"
  expect(refused([...writing, reading])).toEqual(writing.toSorted())
})
