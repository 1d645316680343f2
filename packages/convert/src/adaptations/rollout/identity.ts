import type { ServiceConversion } from '../../conversion.ts'
import type { Because } from '../../plan/because.ts'
import { because } from './causes.ts'

/** Variables by which a member of a system is known to the others: two with one value disturb each other. */
const IDENTITY =
  /(^|_)(node|broker|server|machine|worker|instance|member|replica)_?id$|(^|_)(node|peer|etcd|member)_?name$|rabbitmq_nodename|advertised_?(host|listener|addr|url)|advertise_?(host|addr|client_urls)|mqtt\w*client_?id|eureka_instance/i

/**
 * What makes a service known to others as one: the host name that the project gives it, or a variable with an
 * identity. One that is taken from the host name of the pod (`$HOSTNAME`) differs between pods.
 */
export function identityOf({ compose, plan }: ServiceConversion): Because | undefined {
  if (compose.hostname !== undefined) return because('hostname', { name: compose.hostname })
  const variable = Object.entries(plan.environment)
    .filter(([name, value]) => IDENTITY.test(name) && value !== '' && !value.includes('$'))
    .map(([name]) => name)
    .sort()[0]
  return variable === undefined ? undefined : because('identity', { variable })
}
