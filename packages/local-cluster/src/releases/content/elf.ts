import { closeSync, readSync } from 'node:fs'
import { openToRead } from '../../host/read-bounded.ts'
import { ReleaseProblem } from '../problem.ts'

/** `e_machine` of the ELF header (System V ABI, processor supplements). */
const machines: Readonly<Record<number, string>> = { 62: 'amd64', 183: 'arm64' }

/** Throws ReleaseProblem unless a file is a 64-bit little-endian Linux program for this kind of processor. */
export function requireProgram(file: string, processor: string, url: string): void {
  const header = Buffer.alloc(20)
  const opened = openToRead(file)
  try {
    readSync(opened, header, 0, header.length, 0)
  } finally {
    closeSync(opened)
  }
  if (header.subarray(0, 4).toString('latin1') !== '\x7fELF')
    throw new ReleaseProblem(`${url}: it is not a Linux program`)
  const found = header[4] === 2 && header[5] === 1 ? machines[header.readUInt16LE(18)] : undefined
  if (found !== processor)
    throw new ReleaseProblem(
      `${url}: it is a program for ${found ?? 'another processor'}, not for ${processor}`,
    )
}
