import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What one process took. NaN where the machine does not tell, which is anywhere but on Linux. */
export interface Cost {
  /** Milliseconds from spawn to exit. */
  readonly wall: number
  /** Milliseconds of all its processors together, in steps of 10. */
  readonly cpu: number
  /** Peak resident memory in MiB, looked at every 2 ms. */
  readonly memory: number
}

/**
 * Runs a program to its end, its output thrown away. Rejects with its messages when it ends with another exit code than
 * these (3: converted, with drops that are not accepted).
 */
export function measure(
  program: string,
  args: readonly string[],
  cwd: string,
  codes: readonly number[] = [0, 3],
): Promise<Cost> {
  const before = cpuOfChildren()
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    let memory = Number.NaN
    const looking = setInterval(() => {
      memory = peakMemory(child.pid) ?? memory
    }, 2)
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('close', (code) => {
      clearInterval(looking)
      const wall = performance.now() - started
      if (code !== null && codes.includes(code))
        resolve({ wall, cpu: cpuOfChildren() - before, memory })
      else reject(new Error(`${program} ${args.join(' ')}: exit ${code}\n${said}`))
    })
  })
}

/** The median of several runs in each column. */
export async function medianCost(
  runs: number,
  once: (run: number) => Promise<Cost>,
): Promise<Cost> {
  const costs: Cost[] = []
  for (let run = 0; run < runs; run++) costs.push(await once(run))
  const of = (column: keyof Cost) => median(costs.map((cost) => cost[column]))
  return { wall: of('wall'), cpu: of('cpu'), memory: of('memory') }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Milliseconds of processor time of the children that have ended; the kernel counts in hundredths of a second. */
function cpuOfChildren(): number {
  const fields = readProc('self', 'stat')
    ?.replace(/^.*\) /, '')
    .split(' ')
  return fields === undefined ? Number.NaN : (Number(fields[13]) + Number(fields[14])) * 10
}

function peakMemory(pid: number | undefined): number | undefined {
  const peak = /VmHWM:\s*(\d+) kB/.exec(readProc(pid, 'status') ?? '')?.[1]
  return peak === undefined ? undefined : Number(peak) / 1024
}

function readProc(pid: number | 'self' | undefined, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
