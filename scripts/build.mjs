// Bundles the command line into packages/cli/dist (or the directory that is given): one small entry, and a chunk per command that is loaded when it is called.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const output = resolve(process.argv[2] ?? join(root, 'packages/cli/dist'))
const { version } = JSON.parse(await readFile(join(root, 'packages/cli/package.json'), 'utf8'))

/** Chunks of older builds are kept for a day: a process that began with them may load another one. */
const KEEP_MS = 24 * 3600 * 1000

/** In a chunk, `import.meta.url` is where the source file stands, so that the files beside it are found. */
const sourceLocations = {
  name: 'source-locations',
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/][a-z-]+[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta.url')) return null
      const location = relative(output, path).split(sep).join('/')
      return {
        contents: text.replaceAll(
          'import.meta.url',
          `new URL(${JSON.stringify(location)}, import.meta.url).href`,
        ),
        loader: 'ts',
      }
    })
  },
}

/** Of @kubernetes/client-node only the kubeconfig is used; its thousand generated API classes stay out. */
const noGeneratedApi = {
  name: 'no-generated-api',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ importer }) =>
      importer.includes('@kubernetes') ? { path: 'none', namespace: 'no-generated-api' } : null,
    )
    onLoad({ filter: /.*/, namespace: 'no-generated-api' }, () => ({
      contents: 'export const createConfiguration = undefined, ServerConfiguration = undefined',
    }))
  },
}

const { outputFiles } = await build({
  entryPoints: { main: join(root, 'packages/cli/src/main.ts') },
  outdir: output,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['landfall-source'],
  chunkNames: '[name]-[hash]',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  define: { LANDFALL_VERSION: JSON.stringify(version) },
  // Packages in the older module format call require() for Node's own modules.
  banner: {
    js: "import{createRequire as landfallRequire}from'node:module';const require=landfallRequire(import.meta.url);",
  },
  plugins: [sourceLocations, noGeneratedApi],
  logLevel: 'warning',
}).catch(() => process.exit(1)) // esbuild has printed why

mkdirSync(output, { recursive: true })
const isEntry = ({ path }) => basename(path) === 'main.js'
for (const { path, contents } of outputFiles.filter((file) => !isEntry(file)))
  if (!existsSync(path)) place(path, contents)
// Last, and in one step: until then the former entry and its chunks are whole.
for (const { path, contents } of outputFiles.filter(isEntry)) place(path, contents)

const current = new Set(outputFiles.map(({ path }) => path))
for (const name of readdirSync(output)) {
  const path = join(output, name)
  if (!current.has(path) && Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path)
}

function place(path, contents) {
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, contents)
  if (basename(path) === 'main.js') chmodSync(fresh, 0o755)
  renameSync(fresh, path)
}
