import type { Conversion } from '../conversion.ts'
import { type Power, powersOf } from './powers.ts'

/**
 * Reports each service whose container can do more on its node than an ordinary one, in one line. What is dropped, and has to be
 * accepted, is reported by its drop.
 */
export function reportPowers({ services, report }: Conversion): void {
  for (const service of services) {
    const powers = powersOf(service)
    const [first] = powers
    if (first === undefined) continue
    const { keys } = powers.find((power) => power.full) ?? first
    report({
      code: 'convert/power-over-node',
      severity: 'warning',
      message: `${whatItMeans(powers)}: ${powers.map(({ text }) => text).join(', ')}`,
      path: service.at(...keys),
      hint: powers.every(({ ordinary }) => ordinary)
        ? 'remove it if the program works without it'
        : 'remove what the program works without; the Pod Security Standard baseline does not allow it',
    })
  }
}

function whatItMeans(powers: readonly Power[]): string {
  if (powers.some(({ full }) => full)) return 'runs with full power over the node'
  if (powers.every(({ ordinary }) => ordinary)) return 'uses the users of the node, as every pod'
  return 'has more rights on the node than an ordinary container'
}
