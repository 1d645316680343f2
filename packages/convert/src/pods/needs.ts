import { isDeepStrictEqual } from 'node:util'
import type { HostAlias, PodNeeds } from '../plan/plan.ts'

/** What the programs of a pod need together; of what a pod has once, the first that needs it decides. */
export function needsOf(all: readonly PodNeeds[]): PodNeeds {
  const [{ hostname }] = all as [PodNeeds]
  const resolver = all.find((one) => one.resolver !== undefined)?.resolver
  const placements = all.map(({ placement }) => placement)
  const runtimeClass = placements.find((one) => one.runtimeClass !== undefined)?.runtimeClass
  return {
    ...(hostname === undefined ? {} : { hostname }),
    node: Object.assign({}, ...all.map(({ node }) => node)),
    grace: Math.max(...all.map(({ grace }) => grace)),
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
    sysctls: firstOfEach(all.flatMap(({ sysctls }) => sysctls)),
    writtenSysctls: firstOfEach(all.flatMap(({ writtenSysctls }) => writtenSysctls)),
    hostAliases: aliasesOf(all.flatMap(({ hostAliases }) => hostAliases)),
    ...(resolver === undefined ? {} : { resolver }),
    placement: {
      nodeLabels: Object.assign({}, ...placements.map(({ nodeLabels }) => nodeLabels).reverse()),
      preferred: distinct(placements.flatMap(({ preferred }) => preferred)),
      spread: placements.find(({ spread }) => spread.length > 0)?.spread ?? [],
      ...(runtimeClass === undefined ? {} : { runtimeClass }),
    },
  }
}

/** The API takes one value for each name. */
function firstOfEach<T extends { name: string }>(settings: readonly T[]): T[] {
  return settings.filter(
    (setting, index) => settings.findIndex(({ name }) => name === setting.name) === index,
  )
}

/** One entry for each address: the API takes no second one. */
function aliasesOf(aliases: readonly HostAlias[]): HostAlias[] {
  const names = new Map<string, string[]>()
  for (const { ip, hostnames } of aliases)
    names.set(ip, [...new Set([...(names.get(ip) ?? []), ...hostnames])])
  return [...names].map(([ip, hostnames]) => ({ ip, hostnames }))
}

function distinct<T>(values: readonly T[]): T[] {
  return values.filter(
    (value, index) => values.findIndex((other) => isDeepStrictEqual(other, value)) === index,
  )
}
