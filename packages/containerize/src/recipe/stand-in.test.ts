import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { standIn } from './stand-in.ts'

test('it is a static 64-bit program for its processor', () => {
  for (const [processor, machine] of [
    ['amd64', 62],
    ['arm64', 183],
  ] as const) {
    const bytes = Buffer.from(standIn('/landfall/capture', processor))
    expect(bytes.subarray(0, 6).toString('latin1')).toBe('\x7fELF\x02\x01')
    expect(bytes.readUInt16LE(18)).toBe(machine)
    expect(Number(bytes.readBigUInt64LE(96))).toBe(bytes.length)
    expect(bytes.toString('latin1').endsWith('/bin/sh\0/landfall/capture\0')).toBe(true)
  }
})

const processor = process.arch === 'x64' ? 'amd64' : 'arm64'

test('it runs the script with its own name, arguments and environment', () => {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-stand-in-'))
  const [script, program] = [join(directory, 'capture'), join(directory, 'java')]
  writeFileSync(script, 'printf "<%s>" "$@" "$A"\n')
  writeFileSync(program, standIn(script, processor))
  chmodSync(program, 0o755)
  const options = { argv0: 'name', env: { A: 'b c' }, encoding: 'utf8' } as const
  expect(spawnSync(program, ['-cp', 'a b', "it's", ''], options).stdout).toBe(
    "<name><-cp><a b><it's><><b c>",
  )
  expect(spawnSync(program, options).stdout).toBe('<name><b c>')
})
