import { cleanPath } from '../canonical/mount.ts'
import { isWindowsAbsolute, joinPath, relativePath } from '../files/paths.ts'
import type { FileSystem } from '../load.ts'
import type { ReadContext } from '../read-context.ts'
import { type MapNode, mapAt, type Node, type ScalarNode, textAt, textOf } from '../tree/node.ts'
import { compileRules, type Rules, rulesAt, rulesForItems } from '../tree/rules.ts'

/** What relative paths are resolved against. */
export interface PathBase {
  /** Absolute, or relative to the project directory where paths are not to be resolved. */
  readonly directory: string
  /** Where `~` leads; undefined: it stays. */
  readonly home: string | undefined
  readonly files: FileSystem
}

/** What paths of a file are resolved against that lies in a directory of its own. */
export function pathBaseFor(
  directory: string,
  { projectDirectory, resolvePaths, home, files }: ReadContext,
): PathBase {
  const base = resolvePaths ? directory : relativePath(projectDirectory, directory)
  return { directory: base, home, files }
}

type Resolve = (node: Node, base: PathBase) => Node

/** Makes the paths of a canonical tree absolute, in place. */
export function resolvePaths(root: MapNode, base: PathBase): void {
  visit(root, resolvers, base)
}

function visit(node: Node, rules: Rules<Resolve> | undefined, base: PathBase): Node {
  if (rules?.rule !== undefined) return rules.rule(node, base)
  if (rules === undefined) return node
  if (node.kind === 'map')
    for (const [key, child] of node.entries) {
      const inside = rulesAt(rules, key)
      if (inside !== undefined) node.entries.set(key, visit(child, inside, base))
    }
  else if (node.kind === 'list') {
    const inside = rulesForItems(rules)
    if (inside !== undefined) node.items = node.items.map((item) => visit(item, inside, base))
  }
  return node
}

function expandHome(path: string, { home }: PathBase): string {
  return path.startsWith('~') && home !== undefined ? joinPath(home, path.slice(1)) : path
}

function rewrite(node: Node, change: (path: string) => string): Node {
  const path = textOf(node)
  return path === undefined ? node : { ...(node as ScalarNode), value: change(path) }
}

const absolute: Resolve = (node, base) =>
  rewrite(node, (path) => {
    const expanded = expandHome(path, base)
    return expanded === '' || expanded.startsWith('/')
      ? expanded
      : joinPath(base.directory, expanded)
  })

/** Absolute, with the first symbolic link on the way replaced by where it leads. */
const followed: Resolve = (node, base) =>
  rewrite(absolute(node, base), (path) => {
    const parts = path.split('/')
    for (let end = 2; end <= parts.length; end++) {
      const target = base.files.linkTarget?.(parts.slice(0, end).join('/'))
      if (target !== undefined) return [target, ...parts.slice(end)].join('/')
    }
    return path
  })

const absoluteOrWindows: Resolve = (node, base) =>
  rewrite(node, (path) => {
    const expanded = expandHome(path, base)
    return expanded.startsWith('/') || isWindowsAbsolute(expanded)
      ? expanded
      : joinPath(base.directory, expanded)
  })

const context: Resolve = (node, base) => {
  const path = textOf(node) ?? ''
  const remote = /:\/\/|^service:|^github\.com\/|^git@/.test(path)
  return remote ? node : absolute(node, base)
}

const mount: Resolve = (node, base) => {
  const source = node.kind === 'map' ? node.entries.get('source') : undefined
  if (node.kind === 'map' && source !== undefined && textAt(node, 'type') === 'bind')
    node.entries.set('source', absoluteOrWindows(source, base))
  return node
}

/** A volume of the local driver that is a bind mount in truth. */
const volume: Resolve = (node, base) => {
  const options = mapAt(node, 'driver_opts')
  const device = options?.entries.get('device')
  if (textAt(node, 'driver') === 'local' && textAt(options, 'o') === 'bind' && device !== undefined)
    options?.entries.set('device', absoluteOrWindows(device, base))
  return node
}

const resolvers: Rules<Resolve> = compileRules({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': absoluteOrWindows,
  'services.*.env_file.*.path': absolute,
  'services.*.label_file.*': absolute,
  'services.*.extends.file': absolute,
  'services.*.develop.watch.*.path': followed,
  'services.*.volumes.*': mount,
  'configs.*.file': absoluteOrWindows,
  'secrets.*.file': absoluteOrWindows,
  'volumes.*': volume,
})

/** Cleans the targets of volumes given in long form. */
export function cleanTargets(service: MapNode): void {
  const volumes = service.entries.get('volumes')
  for (const item of volumes?.kind === 'list' ? volumes.items : []) {
    const target = textAt(item, 'target')
    const node = item.kind === 'map' ? item.entries.get('target') : undefined
    if (item.kind === 'map' && target !== undefined && node !== undefined)
      item.entries.set('target', { ...(node as ScalarNode), value: cleanPath(target) || '.' })
  }
}
