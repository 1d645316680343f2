#!/usr/bin/env node
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `landfall needs Node.js 20.19 or newer, and this is ${process.versions.node}.\n`,
  )
  process.exit(2)
}

// Most commands are over before optimized code pays for its compilation: only what runs far longer than usual is optimized.
setFlagsFromString('--interrupt-budget=1000000')

const [{ run }, { processTerminal }] = await Promise.all([
  import('./run.ts'),
  import('./terminal.ts'),
])

// Whoever reads our output may stop reading: `landfall logs | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const code = await run(process.argv.slice(2), processTerminal(process))
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
