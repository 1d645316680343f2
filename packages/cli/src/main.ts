#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { constants, Script } from 'node:vm'
// What is executed: it is built into one small file, which loads the other one, the command line, with its compiled code.
import { writeWhole } from '@landfall/local-cluster/write-whole'
import type { start } from './start.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `landfall requires Node.js 20.19 or newer; this is ${process.versions.node}.\n`,
  )
  process.exit(2)
}

// Most commands are over before optimized code pays for its compilation: only what runs far longer than usual is optimized.
setFlagsFromString('--interrupt-budget=1000000')
// Garbage is collected a little earlier than usual: less memory in large projects, for no time that can be measured.
setFlagsFromString('--heap-growing-percent=50')
// The space of new objects grows in one step instead of many: garbage is collected less often, for up to 20 MiB more.
setFlagsFromString('--semi-space-growth-factor=16')

/** File name of the command line, put in by the build. */
declare const LANDFALL_BUNDLE: string
const file = join(__dirname, LANDFALL_BUNDLE)
const cache = `${file}.cache`

const script = new Script(
  `(function (module, require, __filename) {${readFileSync(file, 'latin1')}\n})`,
  {
    filename: file,
    cachedData: readCache(),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  },
)
// The build runs some commands so: what they made V8 compile is what the next process finds.
if (process.env.LANDFALL_WRITE_CODE_CACHE === '1')
  process.on('exit', () => {
    writeWhole(cache, script.createCachedData())
  })

const commandLine = { exports: {} as { start: typeof start } }
script.runInThisContext()(commandLine, createRequire(file), file)
void commandLine.exports.start()

/** Without it, or with that of another Node.js, the code is compiled as it is needed. */
function readCache(): Buffer | undefined {
  try {
    return readFileSync(cache)
  } catch {
    return undefined
  }
}
