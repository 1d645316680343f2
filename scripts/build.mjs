// Bundles the command line into packages/cli/dist (or the directory that is given): a small entry, the command line in one file, and the
// compiled code of what most commands run.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const output = resolve(process.argv[2] ?? join(root, 'packages/cli/dist'))
const { version } = JSON.parse(await readFile(join(root, 'packages/cli/package.json'), 'utf8'))

/** Command lines of older builds are kept for minutes: a process that began with an older entry is about to load one. */
const KEEP_MS = 5 * 60 * 1000

/** In the bundle, `import.meta.url` is where the source file stands, so that the files beside it are found. */
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

/** commander starts programs only for commands that are programs of their own, which ours are not. */
const noChildProcess = {
  name: 'no-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'none', namespace: 'no-child-process' } : null,
    )
    onLoad({ filter: /.*/, namespace: 'no-child-process' }, () => ({
      contents: 'module.exports = {}',
    }))
  },
}

const common = {
  outdir: output,
  write: false,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['landfall-source'],
  minifyWhitespace: true,
  minifySyntax: true,
  // Code that is compiled ahead (vm.Script) cannot call import(): a module of Node's that is loaded later is required later.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
}
const failed = () => process.exit(1) // esbuild has printed why

/** The process that gives claims of a local cluster their volumes. It runs for long, so it has a file of its own, which is small. */
const { outputFiles: volumes } = await build({
  ...common,
  entryPoints: { volumes: join(root, 'packages/local-cluster/src/volumes/main.ts') },
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
}).catch(failed)
const volumesFile = JSON.stringify(basename(volumes[0].path))

/** The program that runs in a pod of a release: the whole file is an object of the release, so it is as small as it can be. */
const { outputFiles: keeper } = await build({
  ...common,
  entryPoints: { keeper: join(root, 'packages/keeper/src/main.ts') },
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  minifyIdentifiers: true,
}).catch(failed)
const keeperFile = JSON.stringify(basename(keeper[0].path))
mkdirSync(join(root, 'packages/keeper/dist'), { recursive: true })
place(join(root, 'packages/keeper/dist/keeper.cjs'), keeper[0].contents)

/** FogFlow's worker is an image of its own: packages/fogflow-worker/Dockerfile. */
const { outputFiles: worker } = await build({
  ...common,
  entryPoints: { worker: join(root, 'packages/fogflow-worker/src/main.ts') },
  banner: { js: '#!/usr/bin/env node' },
}).catch(failed)
mkdirSync(join(root, 'packages/fogflow-worker/dist'), { recursive: true })
place(join(root, 'packages/fogflow-worker/dist/worker'), worker[0].contents)

const { outputFiles: commandLine } = await build({
  ...common,
  entryPoints: { landfall: join(root, 'packages/cli/src/start.ts') },
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  legalComments: 'linked',
  define: {
    LANDFALL_VERSION: JSON.stringify(version),
    LANDFALL_VOLUMES: 'landfallVolumes',
    LANDFALL_KEEPER: 'landfallKeeper',
    'import.meta.url': 'landfallUrl',
  },
  banner: {
    js: `const landfallUrl=require('node:url').pathToFileURL(__filename).href,landfallVolumes=require('node:path').join(__filename,'..',${volumesFile}),landfallKeeper=require('node:path').join(__filename,'..',${keeperFile});`,
  },
  plugins: [sourceLocations, noGeneratedApi, noChildProcess],
}).catch(failed)
const bundle = commandLine.find(({ path }) => path.endsWith('.cjs')).path

const { outputFiles: entry } = await build({
  ...common,
  entryPoints: { main: join(root, 'packages/cli/src/main.ts') },
  define: { LANDFALL_BUNDLE: JSON.stringify(basename(bundle)) },
}).catch(failed)

mkdirSync(output, { recursive: true })
writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n')
// The entry sets flags of V8: compiled code is of no use with other ones.
const hasEntry =
  existsSync(entry[0].path) && (await readFile(entry[0].path, 'utf8')) === entry[0].text
const isBuilt = hasEntry && existsSync(bundle) && existsSync(`${bundle}.cache`)
for (const { path, contents } of [...volumes, ...keeper, ...commandLine]) place(path, contents)
// Last, and in one step: until then the former entry and its command line are whole.
for (const { path, contents } of entry) place(path, contents)
if (!isBuilt) compileAhead(entry[0].path)

const current = new Set([...volumes, ...keeper, ...commandLine, ...entry].map(({ path }) => path))
current.add(join(output, 'package.json')).add(`${bundle}.cache`)
for (const name of readdirSync(output)) {
  const path = join(output, name)
  if (!current.has(path) && Date.now() - statSync(path).mtimeMs > KEEP_MS) rmSync(path)
}

function place(path, contents) {
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, contents)
  if (['main.js', 'worker'].includes(basename(path))) chmodSync(fresh, 0o755)
  renameSync(fresh, path)
}

/** Runs commands so that they leave their compiled code behind. Exits the process when one fails: the bundle is then of no use. */
function compileAhead(main) {
  const scratch = mkdtempSync(join(tmpdir(), 'landfall-build-'))
  const example = join(root, 'examples/edgex')
  const env = { ...process.env, LANDFALL_WRITE_CODE_CACHE: '1' }
  for (const args of [
    ...['manifests', 'kustomize', 'helm'].map((format) => [
      ...['convert', '--offline', example, '--format', format],
      ...['-o', join(scratch, format)],
    ]),
    ['config', '--project-directory', example],
    ['up', '--help'],
  ]) {
    const stdio = ['ignore', 'ignore', 'pipe']
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd: scratch,
      env,
      stdio,
    })
    // exit 3: converted, with drops that nobody accepted
    if (status === 0 || status === 3) continue
    process.stderr.write(stderr)
    process.exit(1)
  }
  rmSync(scratch, { recursive: true, force: true })
}
