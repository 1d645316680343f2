import type { ServiceConversion } from '../../conversion.ts'
import { dialTexts, effectTarget } from '../../facts/names/texts.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import type { ExternalPlan } from '../../plan/plan.ts'

/**
 * Which services outside the project a service connects to or waits for, by their valid names, sorted. Any word that is such a name
 * counts: a pod that is replaced without need loses less than one that stays connected to the old target.
 */
export function externalsOf(
  service: ServiceConversion,
  externals: readonly Pick<ExternalPlan, 'written' | 'name'>[],
): string[] {
  if (externals.length === 0) return []
  const { compose, settings } = service
  const done = declaredOneShot(settings)?.doneWhen
  const effects = [
    ...(settings.waitsFor ?? []),
    ...[settings.ready, settings.alive, done].flatMap((effect) => effect ?? []),
  ]
  const hosts = new Set([
    ...effects.flatMap((effect) => effectTarget(effect)?.host.toLowerCase() ?? []),
    ...Object.keys(compose.depends_on ?? {}).map((name) => name.toLowerCase()),
  ])
  const texts = dialTexts(service).map(({ text }) => text)
  return externals
    .filter(({ written, name }) =>
      [written, name].some((one) => {
        const word = new RegExp(`(?<![\\w.-])${escaped(one)}(?![\\w-]|\\.\\w)`, 'i')
        return hosts.has(one.toLowerCase()) || texts.some((text) => word.test(text))
      }),
    )
    .map(({ name }) => name)
    .sort()
}

/** TCP ports of a service outside the project to which services connect, each with the first of them. */
export function connectedPorts(
  { written, name, ports }: ExternalPlan,
  services: readonly ServiceConversion[],
): { port: number; by: string }[] {
  const connected = new Map<number, string>()
  const address = new RegExp(
    `(?<![\\w.-])(?:${escaped(written)}|${escaped(name)}):(\\d{1,5})(?!\\d)`,
    'gi',
  )
  for (const service of services) {
    if (!service.plan.externals.includes(name)) continue
    const inTexts = dialTexts(service).flatMap(({ text }) =>
      [...text.matchAll(address)].map(([, port]) => Number(port)),
    )
    const declared = ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port)
    // with declared ports no other one is open at its name
    for (const port of new Set(ports.length > 0 ? declared : inTexts))
      if (!connected.has(port) && port > 0 && port < 65_536) connected.set(port, service.service)
  }
  return [...connected].map(([port, by]) => ({ port, by })).sort((a, b) => a.port - b.port)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
