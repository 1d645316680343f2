import { posix } from 'node:path'
import {
  type ContainerConfig,
  type Image,
  type Layer,
  layerOf,
  type TarEntry,
} from '@landfall/image'
import { architecture } from '../host/architecture.ts'
import type { Role, RoleFile } from './role.ts'

/** The label that marks a stand-in; its value is the role's name. */
const standInLabel = 'landfall.dev/stand-in'

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The layer that all stand-ins share. */
export function programLayer(program: Uint8Array): Promise<Layer> {
  return layerOf([{ type: 'file', path: '/stand-in', content: program, mode: 0o755 }])
}

/** The image of a role: the program, the role, and the real image's files, links and settings. */
export async function standInImage(role: Role, program: Layer): Promise<Image> {
  return {
    layers: [program, await layerOf(roleEntries(role))],
    config: containerConfig(role),
    architecture,
  }
}

/** The image's configuration, with the keys of the image specification. */
export function containerConfig({ role, container }: Role): ContainerConfig {
  const { entrypoint, cmd, env = {}, expose = [], volumes = [], user, workdir } = container
  const variables = { PATH: path, ...env }
  return {
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    ...(cmd === undefined ? {} : { Cmd: cmd }),
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...(user === undefined ? {} : { User: user }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
    ...(expose.length === 0 ? {} : { ExposedPorts: emptyMap(expose.map(withProtocol)) }),
    ...(volumes.length === 0 ? {} : { Volumes: emptyMap(volumes) }),
    Labels: { [standInLabel]: role },
  }
}

/** The files of a role's own layer, with every parent directory before its contents. */
export function roleEntries(role: Role): TarEntry[] {
  const { workdir } = role.container
  const links = [startedProgram(role), ...Object.keys(role.commands ?? {})]
  const wanted: TarEntry[] = [
    { type: 'file', path: '/stand-in.json', content: JSON.stringify(role) },
    ...(workdir === undefined || workdir === '/' ? [] : [directory(workdir)]),
    ...(role.files ?? []).map(fileEntry),
    ...links.map((link): TarEntry => ({ type: 'symlink', path: link, target: '/stand-in' })),
  ]
  const entries = new Map<string, TarEntry>()
  for (const entry of wanted) {
    for (const parent of parents(entry.path))
      if (!entries.has(parent)) entries.set(parent, directory(parent))
    entries.set(entry.path, entry)
  }
  return [...entries.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** The path of the program that the image starts: a bare name is found on the PATH. */
function startedProgram({ container }: Role): string {
  const name = (container.entrypoint ?? container.cmd)?.[0] ?? 'stand-in'
  if (!name.includes('/')) return `/usr/local/bin/${name}`
  return posix.resolve('/', container.workdir ?? '/', name)
}

function fileEntry({ path, content, mode, uid = 0, gid = 0 }: RoleFile): TarEntry {
  const owned = {
    path,
    uid,
    gid,
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  }
  return content === undefined
    ? { type: 'directory', ...owned }
    : { type: 'file', content, ...owned }
}

function directory(path: string): TarEntry {
  return { type: 'directory', path }
}

/** The parents of `/a/b/c` are `/a` and `/a/b`. */
function parents(path: string): string[] {
  const names = path.split('/').slice(1, -1)
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
}

function withProtocol(port: number | string): string {
  return typeof port === 'number' ? `${port}/tcp` : port
}

function emptyMap(names: readonly string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, {}]))
}
