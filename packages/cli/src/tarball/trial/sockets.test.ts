import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { quietTerminal } from '../../quiet-terminal.ts'
import { run } from '../../run.ts'
import { listeningSockets, portsOfTrial } from './sockets.ts'

const PROC_NET_TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F45 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4
   1: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5
   2: 0000000000000000FFFF00000100007F:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 6
   3: 00000000000000000000000000000000:1F45 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7
   4: 00000000000000000000000000000000:A000 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 8
`

test('listening sockets of both families, and those of the loopback interface', () => {
  const listened = listeningSockets(PROC_NET_TCP)
  expect(listened).toEqual([
    { port: 22, loopback: false },
    { port: 8000, loopback: true },
    { port: 8001, loopback: true },
    { port: 8005, loopback: false },
    { port: 8080, loopback: false },
    { port: 40_960, loopback: false },
  ])
  expect(portsOfTrial(listened)).toEqual([22, 8005, 8080, 40_960])
})

test('--trial of a Compose project is an error', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-no-tarball-'))
  const { terminal, printed } = quietTerminal(directory)
  expect(await run(['init', '.', '--trial'], terminal)).toBe(2)
  expect(printed.stderr).toContain('--trial is for a release tarball')
  rmSync(directory, { recursive: true })
})
