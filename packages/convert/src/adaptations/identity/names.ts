import type { Conversion } from '../../conversion.ts'
import { numbersOf, withNumber } from '../../facts/identity.ts'
import type { ServicePlan } from '../../plan/plan.ts'
import { reportIdentity } from './report.ts'

/** The Service that gives the pods of a StatefulSet their names. */
export function copiesServiceName({ name }: Pick<ServicePlan, 'name'>): string {
  return `${name}-copies`
}

/** The Service that offers ports of one copy outside. */
export function publishedName({ name }: Pick<ServicePlan, 'name'>): string {
  return `${name}-{{identity}}-published`
}

/** Lets the names of copies lead to their service, and reports those that another service has. */
export function nameCopies(conversion: Conversion): void {
  for (const service of conversion.services) {
    const { identity } = service.plan
    if (identity === undefined) continue
    const copies = numbersOf(identity).flatMap((number) => [
      ...identity.names.map((pattern) => withNumber(pattern, number)),
      ...(identity.ports.length > 0 ? [withNumber(publishedName(service.plan), number)] : []),
    ])
    for (const name of [copiesServiceName(service.plan), ...copies]) {
      const owner = conversion.owners.get(name)
      if (owner === undefined) conversion.owners.set(name, service)
      else if (owner !== service)
        reportIdentity(
          conversion,
          service,
          [],
          `a copy of ${service.service} would have the name ${name}, which ${owner.service} has`,
          { hint: 'rename one of the services, or use another first number (identity.from)' },
        )
    }
  }
}
