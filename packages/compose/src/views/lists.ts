import { reportProblem } from '../codes.ts'
import type { ReadProject } from '../load-project.ts'
import { itemsAt, type MapNode, mapAt, mapNode, textAt, textNode, textOf } from '../tree/node.ts'
import { type Sha256, serviceHash } from './hash.ts'
import { byCodePoint } from './key-order.ts'

/** Views of one name, or one name and value, a line. */
export type ListView =
  | 'services'
  | 'volumes'
  | 'networks'
  | 'models'
  | 'hash'
  | 'profiles'
  | 'images'
  | 'environment'

/** What a list is made of: a bound project, of which `disabled` are the services that are left out. */
export interface Listed {
  readonly project: MapNode
  readonly disabled: MapNode
  readonly read: Pick<ReadProject, 'name' | 'settings' | 'context'>
}

export interface ListOptions {
  /** The services to hash; all where it is absent. */
  readonly hashed?: readonly string[]
  /** Names of images are made as older versions did. */
  readonly compatibility?: boolean
  /** What hashes are made with: needed for that view alone. */
  readonly sha256?: Sha256
}

/** The lines of a view, sorted: Docker Compose leaves the order of some to chance. undefined: a problem was reported. */
export function listLines(
  view: ListView,
  listed: Listed,
  options: ListOptions,
): string[] | undefined {
  const { project, disabled, read } = listed
  const services = [...(mapAt(project, 'services')?.entries ?? [])]
  switch (view) {
    case 'services':
    case 'volumes':
    case 'networks':
      return sorted(mapAt(project, view)?.entries.keys() ?? [])
    case 'models': {
      const models = [...(mapAt(project, 'models')?.entries.values() ?? [])]
      return sorted(models.flatMap((model) => textAt(model, 'model') || []))
    }
    case 'profiles': {
      const all = [...services.map(([, service]) => service), ...disabled.entries.values()]
      const profiles = all.flatMap((service) => itemsAt(service, 'profiles'))
      return sorted(new Set(profiles.map((profile) => textOf(profile) ?? '')))
    }
    case 'images': {
      const asked = read.settings.environment.get('COMPOSE_COMPATIBILITY') ?? ''
      const isOld = options.compatibility || /^(1|t|true)$/i.test(asked.trim())
      const prefix = `${read.name}${isOld ? '_' : '-'}`
      return sorted(services.map(([name, service]) => textAt(service, 'image') || prefix + name))
    }
    case 'environment':
      return sorted([...read.settings.environment].map(([name, value]) => `${name}=${value}`))
    case 'hash':
      return hashes(listed, options)
  }
}

function sorted(lines: Iterable<string>): string[] {
  return [...lines].sort(byCodePoint)
}

function hashes(
  { project, disabled, read }: Listed,
  { hashed, sha256 }: ListOptions,
): string[] | undefined {
  if (sha256 === undefined) throw new TypeError('hashes need sha256')
  const services = mapAt(project, 'services') ?? mapNode([])
  const lines: string[] = []
  for (const name of sorted(hashed ?? services.entries.keys())) {
    const service = services.entries.get(name)
    if (service?.kind !== 'map') {
      reportProblem(read.context.report, {
        code: disabled.entries.has(name) ? 'compose/disabled-service' : 'compose/undefined-service',
        message: `no such service: ${name}${disabled.entries.has(name) ? ', which no active profile enables' : ''}`,
        path: '/services',
      })
      return undefined
    }
    lines.push(`${name} ${serviceHash(onPlatform(service, read), sha256)}`)
  }
  return lines
}

/** A service that is built is built for the default platform, where it has none of its own. */
function onPlatform(service: MapNode, { settings }: Pick<ReadProject, 'settings'>): MapNode {
  const platform = settings.environment.get('DOCKER_DEFAULT_PLATFORM')
  if (!platform || mapAt(service, 'build') === undefined || textAt(service, 'platform'))
    return service
  return mapNode([], [...service.entries, ['platform', textNode(platform, [])]])
}
