// `npm test`: everything that this machine can run, and one line for each thing that it cannot.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { install } from './install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const clusterRequired = process.env.LANDFALL_REQUIRE_CLUSTER === '1'
const reports = `${root}artifacts/reports`

let passed = 0
let failed = 0
let skipped = 0
/** What failed, one short paragraph each: printed last, where whoever keeps only the end of the output still sees it. */
const failures = []
/** What was skipped, one line each. */
const skips = []

/** Runs a command with its output shown; true when it exits 0. */
function step(title, command, args, env = {}) {
  process.stdout.write(`\n== ${title}\n`)
  const started = Date.now()
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  process.stdout.write(
    `== ${title}: ${status === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  )
  return status === 0
}

/** A check that counts as one test. */
function check(title, command, args) {
  if (step(title, command, args)) passed++
  else {
    failed++
    failures.push(title)
  }
}

/** The failed tests of a vitest report in JSON, each with the first lines of its message. */
function failedTests(report) {
  return (report.testResults ?? []).flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name)
    const tests = assertionResults.filter(({ status }) => status === 'failed')
    if (tests.length === 0) return message ? [`${file}: ${beginning(message)}`] : []
    return tests.map(
      ({ fullName, failureMessages }) =>
        `${file}: ${fullName}\n${beginning(failureMessages.join('\n'))}`,
    )
  })
}

function beginning(message) {
  return stripVTControlCharacters(message).split('\n').slice(0, 12).join('\n').slice(0, 1500)
}

/** The groups of tests that a vitest report has as skipped, each with its file; their titles say what the machine lacks. */
function skippedTests(report) {
  const titles = (report.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending')
      .map(({ ancestorTitles, title }) => `${relative(root, name)}: ${ancestorTitles[0] ?? title}`),
  )
  return [...new Set(titles)]
}

/**
 * A vitest project; its tests are counted from the report that it writes. For `polite` ones a busy machine runs other programs first: a cluster is one
 * group of processes among all others, and what is tested is that its programs run, not what is left of them beside several test runners.
 */
function suite(title, project, { polite = false } = {}) {
  const report = `${reports}/${project}.json`
  rmSync(report, { force: true })
  const [command, ...before] = polite ? ['nice', '-n', '10', 'npx'] : ['npx']
  const ok = step(title, command, [
    ...before,
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=./scripts/failures-reporter.mjs',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    // no report: vitest did not get as far as running a test
  }
  const found = failedTests(counts)
  failures.push(...(found.length === 0 && !ok ? [`${title}: see above`] : found))
  passed += counts.numPassedTests
  skipped += counts.numPendingTests
  skips.push(...skippedTests(counts))
  failed += ok ? counts.numFailedTests : Math.max(1, counts.numFailedTests)
}

/** What this machine lacks for a cluster of its own, or with `api` for an API server alone, one sentence each. */
function missingFor(...what) {
  if (process.env.LANDFALL_TEST_CONTEXT) return []
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=landfall-source', '--import', 'tsx', 'scripts/cluster-requirements.ts', ...what],
    { cwd: root, encoding: 'utf8' },
  )
  if (status !== 0) return [`asking failed: ${stderr.trim()}`]
  return stdout.split('\n').filter((line) => line !== '')
}

install()
mkdirSync(reports, { recursive: true })
check('format, lint and imports (biome)', 'npx', ['biome', 'check', '.'])
check('types (tsc)', 'npx', ['tsc', '-p', 'tsconfig.check.json'])
check('dead code and dependencies (knip)', 'npx', ['knip'])
check('the bundle (esbuild)', process.execPath, ['scripts/build.mjs'])
suite('unit tests', 'unit')
suite('long tests', 'long')

const missingApi = missingFor('api')
const missing = missingFor()
const notRun = [
  ...missingApi.map((line) => `not run: the tests on an API server, because ${line}`),
  ...missing.map((line) => `not run: the end-to-end tests, because ${line}`),
]
if (missingApi.length === 0) suite('tests on an API server without nodes', 'api')
if (missing.length === 0) {
  if (!process.env.LANDFALL_TEST_CONTEXT)
    suite('end-to-end tests that need the machine for themselves', 'alone', { polite: true })
  suite('end-to-end tests on a shared cluster', 'e2e', { polite: true })
} else if (clusterRequired) failed++

for (const skip of skips) process.stdout.write(`\nskipped: ${skip}`)
for (const line of notRun) process.stdout.write(`\n${line}`)
for (const failure of failures) process.stdout.write(`\nfailed: ${failure}\n`)
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exit(failed === 0 ? 0 : 1)
