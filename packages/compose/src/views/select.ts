import { matchesWildcard, type Report, type WildcardPart } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { suggest } from '../schema/suggest.ts'
import { itemsAt, type MapNode, mapAt, mapNode, type Node, textAt, textOf } from '../tree/node.ts'

/**
 * Moves the services that are named, and what they depend on, to a mapping of their own; names are patterns as in file
 * names. Those of `disabled` are enabled with their profiles first. undefined: one does not exist, which is reported.
 */
export function selectServices(
  services: MapNode,
  disabled: MapNode,
  names: readonly string[],
  profiles: readonly string[],
  report: Report,
): MapNode | undefined {
  const enabled = enableProfiles(services, disabled, names, profiles)
  if (names.length === 0) return enabled
  const chosen = new Set<string>()
  const missing = choose(names, enabled, undefined, chosen)
  if (missing !== undefined) {
    const near = suggest(missing, enabled.entries.keys())
    reportProblem(report, {
      code: 'compose/undefined-service',
      message: `no such service: ${missing}`,
      path: '/services',
      hint: near && `did you mean "${near}"?`,
    })
    return undefined
  }
  const selected = [...enabled.entries].filter(([name]) => chosen.has(name))
  for (const [, service] of selected) {
    const dependencies = mapAt(service, 'depends_on')
    for (const other of dependencies?.entries.keys() ?? [])
      if (!chosen.has(other)) dependencies?.entries.delete(other)
    if (service.kind === 'map' && dependencies?.entries.size === 0)
      service.entries.delete('depends_on')
  }
  return mapNode(services.origins, selected)
}

/** Naming a service enables its profiles, and with them all services that have one of them. */
function enableProfiles(
  services: MapNode,
  disabled: MapNode,
  names: readonly string[],
  active: readonly string[],
): MapNode {
  const profilesOf = (service: Node | undefined) =>
    itemsAt(service, 'profiles').map((item) => textOf(item) ?? '')
  const added = names.flatMap((name) =>
    services.entries.has(name) ? [] : profilesOf(disabled.entries.get(name)),
  )
  const profiles = new Set([...active, ...added])
  const more = [...disabled.entries].filter(
    ([, service]) =>
      profiles.has('*') || profilesOf(service).some((profile) => profiles.has(profile)),
  )
  return mapNode(services.origins, [...services.entries, ...more])
}

/** Adds the services that patterns mean, with their dependencies; gives the first pattern that has to mean one and does not. */
function choose(
  patterns: readonly string[],
  services: MapNode,
  dependencies: MapNode | undefined,
  chosen: Set<string>,
): string | undefined {
  const found: string[] = []
  for (const pattern of patterns) {
    const matches = matching(pattern, services)
    const dependency = dependencies?.entries.get(pattern)
    const required = dependency?.kind === 'map' ? dependency.entries.get('required') : undefined
    const optional = required?.kind === 'scalar' && required.value === false
    if (matches.length === 0 && !optional) return pattern
    found.push(...matches)
  }
  for (const name of found) {
    if (chosen.has(name)) continue
    chosen.add(name)
    const inner = mapAt(services.entries.get(name), 'depends_on')
    if (inner === undefined || inner.entries.size === 0) continue
    const missing = choose([...inner.entries.keys()], services, inner, chosen)
    if (missing !== undefined) return missing
  }
  return undefined
}

function matching(pattern: string, services: MapNode): string[] {
  if (!/[*?[\\]/.test(pattern)) return services.entries.has(pattern) ? [pattern] : []
  const expression = fileNamePattern(pattern)
  return expression === undefined
    ? []
    : [...services.entries.keys()].filter((name) => matchesWildcard(expression, name))
}

/** `*`, `?`, `[a-z]`, `[^a]` and backslashes, as Go matches file names; undefined: not a pattern. */
function fileNamePattern(pattern: string): WildcardPart[] | undefined {
  const parts = pattern.matchAll(/\\(.)|\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|./gsu)
  try {
    return Array.from(parts, ([part, escaped, not, set]): WildcardPart => {
      if (part === '*') return '*'
      if (part === '?') return (character) => character !== '/'
      if (set === undefined) return (character) => character === (escaped ?? part)
      const one = new RegExp(`^[${not}${set.replaceAll('[', '\\[')}]$`, 'su')
      return (character) => one.test(character)
    })
  } catch {
    return undefined
  }
}

/** Takes out the networks, volumes, secrets, configs and models that no service uses. */
export function dropUnused(project: MapNode): void {
  const used: Record<string, Set<string>> = {
    networks: new Set(),
    volumes: new Set(),
    secrets: new Set(),
    configs: new Set(),
    models: new Set(),
  }
  const add = (section: string, name: string | undefined) =>
    name !== undefined && used[section]?.add(name)
  for (const service of mapAt(project, 'services')?.entries.values() ?? []) {
    for (const section of ['networks', 'models'])
      for (const name of mapAt(service, section)?.entries.keys() ?? []) add(section, name)
    for (const mount of itemsAt(service, 'volumes'))
      if (textAt(mount, 'type') === 'volume') add('volumes', textAt(mount, 'source'))
    const secrets = [...itemsAt(service, 'secrets'), ...itemsAt(mapAt(service, 'build'), 'secrets')]
    for (const secret of secrets) add('secrets', textAt(secret, 'source'))
    for (const config of itemsAt(service, 'configs')) add('configs', textAt(config, 'source'))
  }
  for (const [section, names] of Object.entries(used)) {
    const resources = mapAt(project, section)
    for (const name of resources?.entries.keys() ?? [])
      if (!names.has(name)) resources?.entries.delete(name)
    if (resources?.entries.size === 0) project.entries.delete(section)
  }
}
