import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { printEntries } from './entries.ts'
import { FILL_SCRIPT } from './fill-script.ts'
import { tarOf } from './tar.ts'

/** Content by path below the tree, a character for each byte. */
export type Tree = Record<string, string>

/** A shell with the tools that come with it. */
export interface Shell {
  name: string
  program: string
  /** PATH of its tools. */
  path: string
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The shells that this machine has; `end` deletes what they need. */
export function findShells(): { shells: Shell[]; end: () => void } {
  const tools = mkdtempSync(join(tmpdir(), 'fill-tools-'))
  const busybox = isThere('busybox')
  if (busybox) execFileSync('sh', ['-c', `busybox --install -s ${tools}`])
  return {
    shells: [
      ...(busybox ? [{ name: 'busybox', program: 'ash', path: tools }] : []),
      ...(isThere('dash') ? [{ name: 'dash', program: 'dash', path: process.env.PATH ?? '' }] : []),
    ],
    end: () => rmSync(tools, { recursive: true }),
  }
}

export type Run = ReturnType<typeof fillRun>

/** In memory, where there is such a place: the script waits for the disk, and others may keep that busy. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A claim, the objects of a project that fill it, and the pods that do. */
export function fillRun(shell: Shell) {
  const root = mkdtempSync(join(place, 'fill-'))
  mkdirSync(join(root, 'volumes/0'), { recursive: true })
  mkdirSync(join(root, 'files/0'), { recursive: true })
  writeFileSync(join(root, 'fill.sh'), FILL_SCRIPT)
  const inVolume = (path: string) => join(root, 'volumes/0/data', path)

  const volume = (below = ''): Tree => {
    if (!existsSync(inVolume(below))) return {}
    const entries = readdirSync(inVolume(below), { withFileTypes: true }).flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      return entry.isDirectory()
        ? Object.entries(volume(path))
        : [[path, readFileSync(inVolume(path), 'latin1')] as const]
    })
    return sorted(Object.fromEntries(entries))
  }

  const words = (step: string[]) => [join(root, 'fill.sh'), ...step]
  const environment = (reset = '') => ({
    PATH: shell.path,
    FILL_ROOT: root,
    LANDFALL_RESET_FILES: reset,
    FILL_PATIENCE: '1',
  })

  return {
    root,
    inVolume,
    /** What the program sees. */
    volume,
    /** The program writes a file. */
    put(path: string, text: string): void {
      mkdirSync(dirname(inVolume(path)), { recursive: true })
      writeFileSync(inVolume(path), text)
    },
    /** The objects of the project, as conversion writes them. */
    project(tree: Tree, modes: Record<string, number> = {}, empty: string[] = []): void {
      const { list, tar } = archiveOf(tree, modes, empty)
      writeFileSync(join(root, 'files/0/data.tar.gz.001'), gzipSync(tar, { level: 1 }))
      writeFileSync(join(root, 'list'), list)
    },
    words,
    environment,
    /** Starts a pod: the lines that it prints. */
    start(reset = '', step = FILL_STEP, input: string | Buffer = ''): string[] {
      return execFileSync(shell.program, words(step), {
        env: environment(reset),
        encoding: 'utf8',
        input,
      })
        .split('\n')
        .filter(Boolean)
    },
    /** What a pod leaves that is killed after it has put the files of the project in place, and before it has written that down. */
    interrupted(): void {
      const state = join(root, 'volumes/0/.landfall')
      const before = readFileSync(join(state, 'data.manifest'))
      execFileSync(shell.program, words(FILL_STEP), { env: environment() })
      writeFileSync(join(state, 'data.manifest'), before)
      writeFileSync(join(state, 'data.intent'), readFileSync(join(root, 'list')))
    },
    end: () => rmSync(root, { recursive: true, force: true }),
  }
}

export const FILL_STEP = ['fill', '0', 'data', 'data', './config', '-']

export function sorted(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function archiveOf(tree: Tree, modes: Record<string, number>, empty: string[]) {
  const files = Object.entries(tree).map(([path, text]) => ({
    path: `data/${path}`,
    mode: modes[path] ?? 0o644,
    bytes: Buffer.from(text, 'latin1'),
  }))
  const directories = new Set(['', ...empty])
  for (const path of Object.keys(tree))
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      directories.add(path.slice(0, at))
  const list = printEntries([
    ...[...directories].map((path) => ({ path: join('data', path), mode: modes[path] ?? 0o755 })),
    ...files.map(({ path, mode, bytes }) => ({
      path,
      mode,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  ])
  const tar = tarOf([
    { path: 'list', mode: 0o644, bytes: Buffer.from(list) },
    ...files.map((file) => ({ ...file, path: `tree/${file.path}` })),
  ])
  return { list, tar }
}
