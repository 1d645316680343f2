// `npm run meaning -- PROJECT...`: converts projects, and counts what they rely on and what of it their objects have.
import { parseArgs } from 'node:util'
import { refusedBy } from './api-server.ts'
import { convert } from './convert.ts'
import { isDeclaredLost, judge, type Miss, titles } from './judge.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kubeconfig: { type: 'string' }, offline: { type: 'boolean' } },
})
if (positionals.length === 0) {
  process.stderr.write(
    'npm run meaning -- [--offline] [--kubeconfig FILE] PROJECT...\nWith a kubeconfig, its API server also validates every object (a dry run in the namespace default).\n',
  )
  process.exit(2)
}

const totals = new Map(titles.map((title) => [title, { asked: 0, kept: 0 }]))
const several = { asked: 0, kept: 0 }
const accepted = { asked: 0, kept: 0 }
let silent = 0
let refusals = 0

for (const place of positionals) {
  const conversion = convert(place, values.offline ? ['--offline'] : [])
  if ('failed' in conversion) {
    const { failed, services = 2, isNoProject } = conversion
    process.stdout.write(`${place}: ${isNoProject ? 'no project' : 'refused'}: ${failed}\n`)
    if (isNoProject) continue
    refusals++
    if (services > 1) several.asked++
    continue
  }
  const { converted, ledger, findings, output, placeOf, remove } = conversion
  const { counts, misses } = judge(converted, ledger, findings)
  for (const [title, { asked, kept }] of counts) {
    const total = totals.get(title)
    if (total === undefined) continue
    total.asked += asked
    total.kept += kept
  }
  const refused = values.kubeconfig === undefined ? undefined : refusedBy(values.kubeconfig, output)
  accepted.asked++
  if (refused === undefined) accepted.kept++
  else process.stdout.write(`${place}: refused by the API server: ${refused}\n`)
  if (Object.keys(converted.project.services).length > 1) {
    several.asked++
    if (misses.every(isDeclaredLost) && refused === undefined) several.kept++
  }
  for (const miss of misses) process.stdout.write(`${placeOf(miss.at)}: ${tell(miss)}\n`)
  silent += misses.filter((miss) => miss.silent).length
  remove()
}

const rows: [string, { asked: number; kept: number }][] = [
  ...(values.kubeconfig === undefined
    ? []
    : ([['projects whose every object is accepted', accepted]] as const).map(
        ([title, count]): [string, { asked: number; kept: number }] => [title, count],
      )),
  ...totals,
  ['projects of several services that keep what is not declared lost', several],
]
const width = Math.max(...rows.map(([title]) => title.length))
process.stdout.write('\n')
for (const [title, { asked, kept }] of rows)
  process.stdout.write(`${title.padEnd(width)}  ${String(kept).padStart(5)} of ${asked}\n`)
process.stdout.write(`\n${silent} silent losses, ${refusals} projects refused\n`)
process.exitCode = silent > 0 ? 1 : 0

function tell({ title, at, missing, ledger, finding, silent }: Miss): string {
  const says =
    finding !== undefined
      ? `${finding.severity}: ${finding.text}`
      : ledger === undefined
        ? 'not in the ledger'
        : `${ledger.outcome}: ${ledger.reason}`
  return `${silent ? 'SILENT: ' : ''}${title}: ${missing} (${at}) [${says}]`
}
