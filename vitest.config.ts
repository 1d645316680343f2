import { defineConfig } from 'vitest/config'

const source = { conditions: ['landfall-source', 'node', 'import', 'default'] }
const resolution = { resolve: source, ssr: { resolve: source } }

/** Tests that measure, cut the power, or look at the whole machine: one after the other, with nothing beside them. */
const alone = ['edgex', 'local-cluster', 'power-cut', 'shop'].map((name) => `e2e/${name}/*.test.ts`)

const cluster = {
  globalSetup: ['e2e/setup.ts'],
  testTimeout: 900_000,
  hookTimeout: 900_000,
}

/** `unit` needs nothing but Node; `alone` and `e2e` need a real cluster, which e2e/setup.ts starts once for a run. */
export default defineConfig({
  test: {
    projects: [
      {
        ...resolution,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // The tests keep nothing in globals: modules are read once for all files of a worker.
          isolate: false,
          pool: 'threads',
          // No test measures time; a busy machine only makes them slower.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...resolution,
        test: {
          name: 'alone',
          include: alone,
          ...cluster,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...resolution,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: alone,
          ...cluster,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
