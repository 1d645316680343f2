import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { type Because, causes } from '../../plan/because.ts'

const because = causes('low-ports', {
  user: '<service> listens on port <port> and is not root',
  capability: '<service> listens on port <port> without the capability NET_BIND_SERVICE',
})

/**
 * Docker has no privileged ports in containers with a network of their own.
 * https://docs.docker.com/engine/release-notes/20.10/ ; containerd before version 2 has them unless it is configured.
 */
const SETTING = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }
const FIRST_UNPRIVILEGED = 1024

/** Whether the program starts as another user than root; undefined if nothing shows it. */
function isNotRoot({ compose, image, plan }: ServiceConversion): boolean | undefined {
  if (plan.rights.runAsUser !== undefined) return plan.rights.runAsUser !== 0
  const user = compose.user?.split(':')[0] || image.facts.user?.split(':')[0]
  return user ? user !== 'root' && user !== '0' : undefined
}

function lacksCapability({ plan: { rights } }: ServiceConversion): boolean {
  const names = (list: readonly string[] | undefined) => (name: string) => list?.includes(name)
  const dropped = names(rights.capabilities?.drop)
  const added = names(rights.capabilities?.add)
  return ['ALL', 'NET_BIND_SERVICE'].some(dropped) && !['ALL', 'NET_BIND_SERVICE'].some(added)
}

function causeOf(service: ServiceConversion): Because | undefined {
  const ports = service.plan.ports.map(({ port }) => port)
  const port = ports.find((one) => one < FIRST_UNPRIVILEGED)
  if (port === undefined || service.plan.rights.privileged === true) return undefined
  const values = { service: service.service, port }
  if (isNotRoot(service) === true) return because('user', values)
  return lacksCapability(service) ? because('capability', values) : undefined
}

export default {
  id: 'low-ports',
  causes: because,
  title: 'Let a program listen on a port below 1024 without being root',
  plan({ services }) {
    for (const service of services) {
      const { sysctls } = service.plan.needs
      const cause = causeOf(service)
      if (cause !== undefined && !sysctls.some(({ name }) => name === SETTING.name))
        sysctls.push({ ...SETTING, because: cause })
    }
  },
} satisfies Adaptation
