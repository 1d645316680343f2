import { defineConfig } from 'vitest/config'

const source = { conditions: ['landfall-source', 'node', 'import', 'default'] }
const resolution = { resolve: source, ssr: { resolve: source } }

/** Tests that measure, cut the power, or look at the whole machine: one after the other, with nothing beside them. */
const alone = [
  'akka',
  'edgex',
  'faults',
  'keeper-faults',
  'local-cluster',
  'power-cut',
  'releases',
  'shop',
  'two-clusters',
].map((name) => `e2e/${name}/*.test.ts`)

/** Tests of what only a cluster of ours has: nodes that lose their power, images from packages, builds, stand-ins. */
const needOwnCluster = [
  'akka',
  'any-order',
  'autoscaled',
  'chart-examples',
  'developed',
  'edgex',
  'faults',
  'fogflow-sites',
  'image-facts',
  'images',
  'keeper-applied',
  'keeper-faults',
  'local-cluster',
  'otter',
  'power-cut',
  'registry',
  'releases',
  'safety',
  'seeds',
  'shop',
  'stand-ins',
  'tarball',
  'two-clusters',
].map((name) => `e2e/${name}/*.test.ts`)

const context = process.env.LANDFALL_TEST_CONTEXT ?? ''
const leftOut = context === '' ? [] : needOwnCluster
/** Two more clusters: in `npm run soak`. Their steps are those of e2e/fogflow-sites, which has two namespaces. */
const forSoak =
  process.env.LANDFALL_TWO_CLUSTERS === undefined ? ['e2e/two-clusters/*.test.ts'] : []
for (const path of leftOut)
  process.stderr.write(`not run on ${context}, because it needs a cluster of its own: ${path}\n`)

/** Tests of seconds: whole packages, hostile input, every corpus project. */
const long = ['packages/*/src/**/*.long.test.ts', 'scripts/**/*.long.test.ts']

/** Tests against a real API server without controllers and nodes, which any user can start: they write the statuses. */
const api = ['packages/*/src/**/*.api.test.ts']

const cluster = {
  globalSetup: ['e2e/setup.ts'],
  testTimeout: 900_000,
  hookTimeout: 900_000,
  // The message of a failed test is all that is kept of a run elsewhere.
  chaiConfig: { truncateThreshold: 0 },
}

const pure = {
  setupFiles: ['scripts/fixed-seed.ts'],
  // The tests keep nothing in globals: modules are read once for all files of a worker.
  isolate: false,
  pool: 'threads' as const,
  // No test measures time; a busy machine only makes them slower.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  maxWorkers: 2,
}

/** `unit` and `long` need nothing but Node, and `unit` is over in seconds; `alone` and `e2e` need a real cluster, which e2e/setup.ts starts once for a run. */
export default defineConfig({
  test: {
    projects: [
      {
        ...resolution,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...long, ...api],
          ...pure,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...resolution,
        test: { name: 'long', include: long, ...pure, sequence: { groupOrder: 1 } },
      },
      {
        ...resolution,
        test: {
          name: 'api',
          include: api,
          ...pure,
          globalSetup: ['packages/testkit/src/api/setup.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        ...resolution,
        test: {
          name: 'alone',
          include: alone,
          exclude: [...leftOut, ...forSoak],
          ...cluster,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        ...resolution,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...alone, ...leftOut],
          ...cluster,
          // They mostly wait: for images, for programs, to see that something stays as it is. More of them at once make each other late.
          maxWorkers: 4,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
