import { defineConfig } from 'vitest/config'

const source = { conditions: ['landfall-source', 'node', 'import', 'default'] }

/** Two suites: `unit` needs nothing but Node; `e2e` needs a real cluster (see e2e/README.md). */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'] },
      },
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
