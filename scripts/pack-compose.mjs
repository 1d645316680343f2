// Packs @landfall/compose as it is published: a tarball that stands alone, with @landfall/diagnostic inside and `yaml` as its only dependency.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'packages/compose')
const entries = { index: 'index', node: 'node-files', config: 'views/config' }

const destination = resolve(process.argv[2] ?? join(root, 'artifacts'))
const scratch = mkdtempSync(join(tmpdir(), 'landfall-pack-'))
try {
  const staged = join(scratch, 'package')
  await bundle(staged)
  declare(staged, join(scratch, 'types'))
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  copyFileSync(join(source, 'README.md'), join(staged, 'README.md'))
  copyFileSync(join(root, 'LICENSE'), join(staged, 'LICENSE'))
  mkdirSync(destination, { recursive: true })
  const packed = run('npm', ['pack', staged, '--pack-destination', destination, '--silent'])
  process.stdout.write(`${join(destination, packed.trim().split('\n').at(-1))}\n`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function bundle(staged) {
  return build({
    entryPoints: {
      ...Object.fromEntries(
        Object.entries(entries).map(([name, file]) => [name, join(source, `src/${file}.ts`)]),
      ),
      // Files of their own, so that bundlers leave out those that nobody imports from.
      'load-project': join(source, 'src/load-project.ts'),
      'memory-files': join(source, 'src/memory-files.ts'),
      diagnostic: join(root, 'packages/diagnostic/src/index.ts'),
    },
    outdir: join(staged, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    conditions: ['landfall-source'],
    external: ['yaml', 'node:*'],
    logLevel: 'warning',
  })
}

/** Of the declarations those that the entries reach, with imports that lead to the files beside them. */
function declare(staged, types) {
  run('npx', [
    ...['tsc', '--ignoreConfig', '--outDir', types, '--rootDir', join(root, 'packages')],
    ...['--declaration', '--emitDeclarationOnly', '--stripInternal', '--skipLibCheck', '--strict'],
    ...['--target', 'es2023', '--module', 'nodenext', '--allowImportingTsExtensions'],
    ...['--exactOptionalPropertyTypes', '--types', 'node', '--customConditions', 'landfall-source'],
    // Each file by name: what the compiler reaches through another package first is not emitted, and which way is first is a race.
    ...readdirSync(join(root, 'packages/diagnostic/src'))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(root, 'packages/diagnostic/src', name)),
    ...Object.values(entries).map((file) => join(source, `src/${file}.ts`)),
  ])
  const waiting = Object.values(entries).map((file) => join(types, `compose/src/${file}.d.ts`))
  const seen = new Set(waiting)
  const placeOf = (file) => join(staged, 'dist', relative(types, file).replace(`${sep}src`, ''))
  for (const file of waiting) {
    const text = readFileSync(file, 'utf8').replaceAll(
      /(["'])([.@][^"']*)\1/g,
      (match, _, name) => {
        const target = name.startsWith('.')
          ? resolve(dirname(file), name.replace(/\.ts$/, '.d.ts'))
          : name === '@landfall/diagnostic' && join(types, 'diagnostic/src/index.d.ts')
        if (!target) return match
        if (!seen.has(target)) waiting.push(target)
        seen.add(target)
        const path = relative(dirname(placeOf(file)), placeOf(target)).replace(/\.d\.ts$/, '.js')
        return `'${path.startsWith('.') ? path : `./${path}`}'`
      },
    )
    mkdirSync(dirname(placeOf(file)), { recursive: true })
    writeFileSync(placeOf(file), text)
  }
}

function manifest() {
  const { name, version, license, type, engines, dependencies, description, keywords } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  )
  const { '@landfall/diagnostic': _inside, ...outside } = dependencies
  return {
    ...{ name, version, description, keywords, license, type, engines },
    sideEffects: false,
    exports: {
      '.': { types: './dist/compose/index.d.ts', default: './dist/index.js' },
      './config': { types: './dist/compose/views/config.d.ts', default: './dist/config.js' },
      './node': { types: './dist/compose/node-files.d.ts', default: './dist/node.js' },
    },
    files: ['dist'],
    dependencies: outside,
  }
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout
}
