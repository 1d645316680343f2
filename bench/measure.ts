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

/** Node.js reads further certificates at each start, whatever the program does: 50 ms for those of Debian. That is not what is measured. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

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
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
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

/** The median of several runs in each column, and the least processor time, which other work on the machine disturbs least. */
export interface MedianCost extends Cost {
  readonly best: number
}

/** Measures several things in turns, so that what else the machine does is the same for all. */
export async function medianCosts(
  runs: number,
  things: readonly ((run: number) => Promise<Cost>)[],
): Promise<MedianCost[]> {
  const costs = things.map((): Cost[] => [])
  for (let run = 0; run < runs; run++)
    for (const [index, once] of things.entries()) costs[index]?.push(await once(run))
  return costs.map((own) => {
    const of = (column: keyof Cost) => median(own.map((cost) => cost[column]))
    const best = Math.min(...own.map(({ cpu }) => cpu))
    return { wall: of('wall'), cpu: of('cpu'), memory: of('memory'), best }
  })
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
