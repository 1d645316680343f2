import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { GATE_SCRIPT } from './gate-script.ts'

/** Shells of this machine that can run the program of gates, each with its options. */
export const shells: string[][] = [['dash'], ['bash', '--posix'], ['busybox', 'ash']]
  .filter(([program]) => isThere(program as string))
  .map((words) => [words.join(' ')])

export function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface GateRun {
  mode?: string[]
  api?: string
  /** Called with each line that it prints. */
  told?: (line: string) => void
  job?: string
  variables?: Record<string, string>
}

export interface GateBench {
  directory: () => string
  environment: () => NodeJS.ProcessEnv
  /** Runs the script over one list. */
  runGate(
    shell: string[],
    list: string,
    run?: GateRun,
  ): Promise<{ code: number | null; lines: string[] }>
  serveHttp(answer: RequestListener): Promise<number>
  /** A server that does this with each connection; without it, it accepts and says nothing, as many do until they are spoken to. */
  serveTcp(connected?: (socket: Socket) => void, port?: number): Promise<number>
  /** A program that the script finds first. */
  install(name: string, text: string): void
}

/** What tests of the script need; in each file once. Servers and processes end with each test. */
export function gateBench(): GateBench {
  let directory = ''
  let closeAll: (() => void)[] = []
  const install = (name: string, text: string): void =>
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const environment = () => ({ ...process.env, PATH: `${directory}:${process.env.PATH}` })
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gate-'))
    writeFileSync(join(directory, 'gate.sh'), GATE_SCRIPT)
    // The pauses between attempts, short.
    install('sleep', 'exec /bin/sleep 0.02')
    for (const [name, text] of [
      ['token', 'secret'],
      ['namespace', 'shop'],
      ['ca.crt', ''],
    ] as const)
      writeFileSync(join(directory, name), text)
  })
  afterEach(() => {
    for (const close of closeAll) close()
    closeAll = []
    rmSync(directory, { recursive: true })
  })
  const listen = async (server: Server | ReturnType<typeof createTcpServer>, port = 0) => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    closeAll.push(() => server.close())
    return (server.address() as AddressInfo).port
  }
  return {
    directory: () => directory,
    environment,
    install,
    serveHttp: (answer) => listen(createServer(answer)),
    serveTcp(connected, port = 0) {
      const server = createTcpServer((socket) => {
        closeAll.push(() => socket.destroy())
        socket.on('error', () => {})
        connected?.(socket)
      })
      return listen(server, port)
    },
    runGate(
      shell,
      list,
      { mode = ['wait'], api = 'http://127.0.0.1:1', told, job = '', variables } = {},
    ) {
      const lists = mkdtempSync(join(directory, 'waits-'))
      writeFileSync(join(lists, 'list'), list)
      const [command = 'sh', ...options] = shell
      const [verb = 'wait', ...rest] = mode
      const child = spawn(command, [...options, join(directory, 'gate.sh'), verb, lists, ...rest], {
        env: {
          ...environment(),
          ...{ GATE_API: api, GATE_ACCOUNT: directory, GATE_JOB: job },
          ...variables,
        },
      })
      closeAll.push(() => child.kill('SIGKILL'))
      const lines: string[] = []
      return new Promise((resolve) => {
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (data: Buffer) => {
            for (const line of data.toString().trim().split('\n')) {
              lines.push(line)
              told?.(line)
            }
          })
        child.on('close', (code) => resolve({ code, lines }))
      })
    },
  }
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
