// `npm run bench`: what Landfall costs, beside docker-compose where DOCKER_COMPOSE names one. Prints; asserts nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchDeploy } from './deploy.ts'
import { generateProject, generateTree } from './generate.ts'
import { configTime, loadTime, projectsIn } from './loads.ts'
import { type MedianCost, measure, median, medianCosts } from './measure.ts'
import { benchTarballs } from './tarballs.ts'
import { benchTasks } from './tasks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const main = `${root}packages/cli/dist/main.js`
const runs = Number(process.env.BENCH_RUNS ?? 7)
const dockerCompose = process.env.DOCKER_COMPOSE
const corpus = process.env.BENCH_CORPUS
/** The directory of another build, made by `node scripts/build.mjs DIR`. */
const against = process.env.BENCH_AGAINST
const only = process.argv[2]
const scratch = mkdtempSync(`${tmpdir()}/landfall-bench-`)

const ms = (value: number) => `${value.toFixed(0).padStart(6)}`
const columns = ({ wall, cpu, memory, best }: MedianCost) =>
  `${ms(wall)} ms ${ms(cpu)} ms ${ms(best)} ms ${ms(memory)} MiB`

let outputs = 0

/** `OUT` is a new directory each time. All are removed at the end: making files is many times slower for seconds after others were deleted (ext4). */
function withOutput(args: readonly string[]): string[] {
  return args.map((arg) => (arg === 'OUT' ? `${scratch}/out-${outputs++}` : arg))
}

/** One row: a command of Landfall, the same of another build, and of docker-compose where it has one. */
async function bench(
  args: readonly string[],
  cwd: string,
  times = runs,
  codes?: readonly number[],
): Promise<void> {
  const shown = args.filter((arg) => !['--offline', '-o', 'OUT'].includes(arg)).join(' ')
  const title = `${shown}${cwd === root ? '' : `   # in ${basename(cwd)}`}`
  const landfall = (program: string) => () =>
    measure(process.execPath, [program, ...withOutput(args)], cwd, codes)
  const compose =
    args[0] === 'config' && dockerCompose !== undefined
      ? [() => measure(dockerCompose, args, cwd)]
      : []
  const others = against === undefined ? [] : [landfall(`${against}/main.js`)]
  const costs = await medianCosts(times, [landfall(main), ...others, ...compose])
  const [own, ...rest] = costs as [MedianCost, ...MedianCost[]]
  const beside = rest.map((cost) => `  | ${columns(cost)}  × ${(own.wall / cost.wall).toFixed(2)}`)
  console.log(`${title.padEnd(48)}${columns(own)}${beside.join('')}`)
}

function generated(services: number): string {
  const project = `${scratch}/generated-${services}`
  if (existsSync(project)) return project
  mkdirSync(project)
  writeFileSync(`${project}/compose.yaml`, generateProject(services))
  return project
}

async function benchProcesses(): Promise<void> {
  console.log(
    `\nlandfall …, median of ${runs} processes`.padEnd(49),
    '  wall       CPU  least CPU    memory',
  )
  await bench(['--version'], root)
  for (const command of ['config', 'convert', 'up']) await bench([command, '--help'], root)
  for (const example of ['shop', 'edgex']) {
    const project = `${root}examples/${example}`
    await bench(['config'], project)
    await bench(['convert', '--offline', '-o', 'OUT'], project)
  }
  for (const services of [1000, 5000]) {
    const project = generated(services)
    const times = services > 1000 ? 1 : 3
    await bench(['config'], project, times)
    await bench(['convert', '--offline', '-o', 'OUT'], project, times)
  }
  await benchTrees()
}

/** The chart, the overlays and the manifests of one project; the targets are 300 ms of wall time for edgex, and 2 s for 1,000 services. */
async function benchOutputs(): Promise<void> {
  console.log(
    `\nlandfall convert, median of ${runs} processes`.padEnd(49),
    '  wall       CPU  least CPU    memory',
  )
  for (const [project, times] of [
    [`${root}examples/edgex`, runs],
    [generated(1000), Math.ceil(runs / 2)],
  ] as const)
    for (const format of ['manifests', 'kustomize', 'helm'])
      await bench(['convert', '--offline', '--format', format, '-o', 'OUT'], project, times)
}

/** A tree that eight services mount: 27 MB are too large for objects, which can be an error (target: 2 s of CPU), 7 MB are not. */
async function benchTrees(): Promise<void> {
  for (const megabytes of [27, 7]) {
    const project = `${scratch}/tree-of-${megabytes}-MB`
    mkdirSync(project)
    generateTree(project, megabytes * 1_000_000)
    await bench(['convert', '--offline', '-o', 'OUT'], project, 3, [0, 1, 3])
  }
}

async function benchLoads(): Promise<void> {
  const projects = [`${root}examples`, ...(corpus === undefined ? [] : [corpus])].flatMap(
    projectsIn,
  )
  const loads: { name: string; own: number; theirs: number }[] = []
  for (const project of projects)
    loads.push({
      name: basename(project),
      own: loadTime(project),
      theirs: dockerCompose === undefined ? Number.NaN : await configTime(dockerCompose, project),
    })
  loads.sort((a, b) => a.theirs / a.own - b.theirs / b.own || b.own - a.own)
  console.log(
    `\nloadProject() of ${loads.length} projects in process, warm, and docker-compose config`,
  )
  for (const { name, own, theirs } of loads.slice(0, 5))
    console.log(
      `${name.padEnd(48)}${own.toFixed(2).padStart(6)} ms   | ${ms(theirs)} ms  ${(theirs / own).toFixed(0)} times faster`,
    )
  const times = median(loads.map(({ own }) => own))
  const factor = median(loads.map(({ own, theirs }) => theirs / own))
  console.log(
    `the median of all: ${times.toFixed(2)} ms, ${factor.toFixed(0)} times faster; the five above gain least`,
  )
}

if (!existsSync(main)) throw new Error('there is no build: npm run build')
const version =
  dockerCompose &&
  spawnSync(dockerCompose, ['version', '--short'], { encoding: 'utf8' }).stdout.trim()
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}${version ? `; on the right docker-compose ${version}` : ''}`,
)
try {
  if (only === undefined || only === 'processes') await benchProcesses()
  if (only === undefined || only === 'outputs') await benchOutputs()
  if (only === undefined || only === 'loads') await benchLoads()
  if (only === undefined || only === 'tarballs') await benchTarballs(main, scratch)
  if (only === 'deploy') await benchDeploy(main, scratch)
  if (only === 'tasks') await benchTasks(main, root)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
