import { recordOf } from '@landfall/diagnostic'
import { isMapping } from '../mapping.ts'
import type { LandfallFile } from './landfall-file.ts'

/** Settings without those of services of profiles that are not active, in all layers. */
export function withoutServices(settings: LandfallFile, inactive: readonly string[]): LandfallFile {
  if (inactive.length === 0) return settings
  const without = <Layer extends object>(layer: Layer): Layer =>
    'services' in layer && isMapping(layer.services)
      ? { ...layer, services: recordOf(entriesWithout(layer.services, inactive)) }
      : layer
  const layers = <Layer extends object>(all: Readonly<Record<string, Layer>>) =>
    recordOf(Object.entries(all).map(([name, layer]) => [name, without(layer)] as const))
  const { environments, sites, siteTemplates } = settings
  return {
    ...without(settings),
    ...(environments && { environments: layers(environments) }),
    ...(sites && { sites: layers(sites) }),
    ...(siteTemplates && { siteTemplates: layers(siteTemplates) }),
  }
}

/** Settings in which services of profiles that are not active are left out of the project: what is accepted of them is no mistake. */
export function leftOut(settings: LandfallFile, inactive: readonly string[]): LandfallFile {
  if (inactive.length === 0) return settings
  const off = recordOf(inactive.map((name) => [name, { enabled: false }] as const))
  return { ...settings, services: { ...settings.services, ...off } }
}

function entriesWithout(
  services: Readonly<Record<string, unknown>>,
  names: readonly string[],
): [string, unknown][] {
  return Object.entries(services).filter(([name]) => !names.includes(name))
}
