import type { ServiceConversion } from '../../conversion.ts'
import { namedHosts } from './references.ts'

/** Who names which services. */
export interface Callers {
  /** For each service the names in its texts, in lower case, each with its place. */
  readonly named: ReadonlyMap<ServiceConversion, ReadonlyMap<string, string>>
  /** The services that have a name of this one in their texts, the service itself among them; in no order. */
  naming(target: ServiceConversion): Set<ServiceConversion>
  /** The services that name it or depend on it. */
  all(target: ServiceConversion): Set<ServiceConversion>
}

/** Reads the texts of all services once. */
export function findCallers(services: readonly ServiceConversion[]): Callers {
  const named = new Map(services.map((service) => [service, namedHosts(service)]))
  const byName = new Map<string, ServiceConversion[]>()
  const byDependency = new Map<string, ServiceConversion[]>()
  const add = (map: typeof byName, key: string, service: ServiceConversion): void => {
    const known = map.get(key)
    if (known === undefined) map.set(key, [service])
    else known.push(service)
  }
  for (const service of services) {
    for (const name of named.get(service)?.keys() ?? []) add(byName, name, service)
    for (const name of Object.keys(service.compose.depends_on ?? {}))
      add(byDependency, name, service)
  }
  const naming = (target: ServiceConversion) =>
    new Set(namesOf(target).flatMap((name) => byName.get(name) ?? []))
  return {
    named,
    naming,
    all: (target) => new Set([...naming(target), ...(byDependency.get(target.service) ?? [])]),
  }
}

/** Every name of a service as texts may have it, in lower case. */
export function namesOf({ plan }: ServiceConversion): string[] {
  return plan.names.flatMap(({ written, name }) => [written.toLowerCase(), name])
}
