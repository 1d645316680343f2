import type { Project, Service } from '@landfall/compose'
import { ownValue, spanOf, toPointer } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import type { Effect, LandfallFile } from '../settings/landfall-file.ts'
import { effectTarget } from './names/texts.ts'

/** Whether landfall.yaml leaves a service out. */
export function isDisabled({ services }: Pick<LandfallFile, 'services'>, service: string): boolean {
  return ownValue(services, service)?.enabled === false
}

/** A project without the services that landfall.yaml leaves out; references to them stay. */
export function enabledProject(project: Project, settings: LandfallFile): Project {
  const services = Object.entries(project.services).filter(([name]) => !isDisabled(settings, name))
  return { ...project, services: Object.fromEntries(services) }
}

/** Reports each service that needs one that landfall.yaml leaves out, unless that is declared under `external`. */
export function reportDisabled(conversion: Conversion): void {
  const { project, settings, elsewhere, report } = conversion
  const where =
    elsewhere === undefined ? 'landfall.yaml does not enable' : 'this site does not have'
  /** What declares where a service is. */
  const declare = (on: string, name = on): string => {
    const site = ownValue(elsewhere, on)
    return site === undefined
      ? `declare where ${name} is under external in landfall.yaml`
      : `declare where it is for this site: external: { ${name}: { addressOf: ${site}/${on} } }`
  }
  const disabled = Object.keys(project.services).filter((name) => isDisabled(settings, name))
  const outside = (name: string) => ownValue(settings.external, name) !== undefined
  for (const { service, compose, at, settings: own } of conversion.services) {
    for (const { keys, on, name } of needsOf(compose))
      if (disabled.includes(on) && !(outside(name) && isByAddress(keys)))
        report({
          code: 'convert/needs-disabled',
          severity: 'error',
          message: `${service} needs ${on} (${keys.join('.')}), which ${where}`,
          path: at(...keys),
          hint: isByAddress(keys)
            ? `${declare(on, name)}${keys[0] === 'depends_on' ? ', or set required: false here' : ''}`
            : `disable ${service} as well`,
        })
    for (const [keys, effect] of effectsOf(own)) {
      const name = effect.job ?? effectTarget(effect)?.host ?? ''
      if (!disabled.includes(name) || outside(name)) continue
      const path = toPointer(['services', service, ...keys])
      const span = spanOf(conversion.settingsOrigins, path)
      report({
        code: 'convert/needs-disabled',
        severity: 'error',
        message: `${service} waits for ${name}, which ${where}`,
        path,
        hint: `remove it, or ${declare(name)}`,
        ...(span === undefined ? {} : { at: span }),
      })
    }
  }
}

/** Whether a key only needs an address under the name of the other service. */
function isByAddress([key]: readonly (string | number)[]): boolean {
  return key === 'depends_on' || key === 'links'
}

interface Need {
  keys: (string | number)[]
  /** The service, and the name under which it is reached. */
  on: string
  name: string
}

/** The keys of a service that need another one, which may not be there; only those that need its container if there are some. */
function needsOf(compose: Service): Need[] {
  const found: Need[] = []
  const add = (keys: Need['keys'], on = '', name = on) => found.push({ keys, on, name })
  for (const [index, from] of listOf(compose.volumes_from).entries())
    add(['volumes_from', index], from.split(':')[0])
  for (const key of ['network_mode', 'ipc', 'pid'] as const) {
    const [, on] = /^service:(.+)$/.exec(String(compose[key] ?? '')) ?? []
    if (on !== undefined) add([key], on)
  }
  const joined = new Set(found.map(({ on }) => on))
  for (const [on, { required }] of Object.entries(compose.depends_on ?? {}))
    if (required !== false && !joined.has(on)) add(['depends_on', on], on)
  for (const [index, link] of listOf(compose.links).entries()) {
    const [on, name] = link.split(':')
    add(['links', index], on, name)
  }
  return found
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function effectsOf({
  waitsFor = [],
  oneShot,
}: Conversion['services'][number]['settings']): [(string | number)[], Effect][] {
  const done = typeof oneShot === 'object' ? oneShot.doneWhen : undefined
  return [
    ...waitsFor.map((effect, index): [(string | number)[], Effect] => [
      ['waitsFor', index],
      effect,
    ]),
    ...(done === undefined ? [] : [[['oneShot', 'doneWhen'], done] as [string[], Effect]]),
  ]
}
