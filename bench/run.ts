// `npm run bench`: whole processes of the built command line, wall time and peak memory. Prints; asserts nothing.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { generateProject } from './generate.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const runs = Number(process.env.BENCH_RUNS ?? 7)
const scratch = mkdtempSync(`${tmpdir()}/landfall-bench-`)

interface Measured {
  ms: number
  mib: number
}

/** One process of the command line, from spawn to exit. Rejects when it fails, with what it said. */
function measure(args: readonly string[]): Promise<Measured> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', `${root}bench/report-memory.mjs`, `${root}packages/cli/dist/main.js`, ...args],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    let memory = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    child.stdio[3]?.on('data', (chunk) => {
      memory += chunk
    })
    child.on('close', (code) => {
      // exit 3: converted, with drops that nobody accepted
      if (code === 0 || code === 3)
        resolve({ ms: performance.now() - started, mib: Number(memory) / 1024 })
      else reject(new Error(`landfall ${args.join(' ')}: exit ${code}\n${said}`))
    })
  })
}

async function bench(title: string, args: (run: number) => string[], times = runs): Promise<void> {
  const measured: Measured[] = []
  for (let run = 0; run < times; run++) measured.push(await measure(args(run)))
  const by = (key: keyof Measured): number[] =>
    measured.map((one) => one[key]).sort((a, b) => a - b)
  const ms = by('ms')
  const median = ms[Math.floor(ms.length / 2)] ?? Number.NaN
  console.log(
    `${title.padEnd(42)} ${median.toFixed(0).padStart(6)} ms  (${ms[0]?.toFixed(0)} to ${ms.at(-1)?.toFixed(0)})  ${by('mib').at(-1)?.toFixed(0).padStart(4)} MiB`,
  )
}

try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; median of ${runs} processes (fastest to slowest), highest peak memory`,
  )
  await bench('landfall --version', () => ['--version'])
  await bench('landfall convert --help', () => ['convert', '--help'])
  for (const example of ['shop', 'edgex'])
    await bench(`convert examples/${example}`, (run) => [
      'convert',
      `${root}examples/${example}`,
      '-o',
      `${scratch}/${example}-${run}`,
    ])
  for (const services of [1000, 2000, 5000]) {
    const project = `${scratch}/generated-${services}`
    mkdirSync(project)
    writeFileSync(`${project}/compose.yaml`, generateProject(services))
    await bench(
      `convert ${services} generated services`,
      (run) => ['convert', project, '-o', `${project}-out-${run}`],
      services > 1000 ? 1 : 3,
    )
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
