import type { ServiceConversion } from '../conversion.ts'
import type { Identity, PlannedPort, Protocol } from '../plan/plan.ts'

/** The variable of a copy's containers that holds its number. */
export const IDENTITY_VARIABLE = 'LANDFALL_IDENTITY'

const NUMBER = /\{\{\s*(?:identity|\.Task\.Slot)\s*\}\}/g
const SLOT = /\{\{\s*\.Task\.Slot\s*\}\}/
const PORT = /^(\d+) *\+ *identity(?:\/(tcp|udp|sctp))?$/

/** A port that each copy has of its own: this number and that of the copy. */
export interface CopyPort {
  base: number
  protocol: Protocol
}

/** `2088 + identity`, `7000 + identity/udp`; undefined for a port that all copies have. */
export function copyPortOf(text: number | string): CopyPort | undefined {
  const [, base, protocol = 'tcp'] = PORT.exec(String(text)) ?? []
  return base === undefined
    ? undefined
    : { base: Number(base), protocol: protocol.toUpperCase() as Protocol }
}

/** A text with something else in the place of the number of a copy: `{{identity}}`, or `{{.Task.Slot}}` of Swarm. */
export function withNumber(text: string, number: number | string): string {
  return text.replace(NUMBER, () => String(number))
}

export function hasNumber(text: string): boolean {
  return withNumber(text, '') !== text
}

/** Whether the Compose file gives each copy a number, as Swarm does: Docker Compose itself leaves such texts as they are. */
function hasSlot({ compose }: Pick<ServiceConversion, 'compose'>): boolean {
  const texts = [compose.hostname, ...Object.values(compose.environment ?? {})]
  return (
    typeof compose.deploy?.replicas === 'number' &&
    texts.some((text) => typeof text === 'string' && SLOT.test(text))
  )
}

/** Whether each copy of a service has a number of its own. */
export function isNumbered(service: Pick<ServiceConversion, 'compose' | 'settings'>): boolean {
  return service.settings.identity !== undefined || hasSlot(service)
}

/** The numbers of the copies that have a Service, the first one first. */
export function numbersOf({ from, most }: { from: number; most: number }): number[] {
  return Array.from({ length: most }, (_, index) => from + index)
}

/** The ports that copies have of their own, those of all copies. */
export function copyPorts(
  identity: Pick<Identity, 'from' | 'most' | 'ports'>,
): Pick<PlannedPort, 'port' | 'protocol'>[] {
  return numbersOf(identity).flatMap((number) =>
    identity.ports.map(({ base, protocol }) => ({ port: base + number, protocol })),
  )
}
