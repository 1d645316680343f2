import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { healthcheckOf } from '../../facts/healthcheck.ts'
import { type Because, causes } from '../../plan/because.ts'
import type { KernelSetting } from '../../plan/plan.ts'

const because = causes('unprivileged', {
  port: '<service> listens on port <port> and is not root',
  capability: '<service> listens on port <port> without the capability NET_BIND_SERVICE',
  ping: '<service> calls ping and is not root',
})

/**
 * What Docker sets for each container that has a network of its own; containerd before version 2 does so only if it is configured.
 * https://docs.docker.com/engine/release-notes/20.10/
 */
const LOW_PORTS = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }
const PING = { name: 'net.ipv4.ping_group_range', value: '0 2147483647' }

const FIRST_UNPRIVILEGED = 1024

/** `ping` where a shell or an argument list has a program, unlike `redis-cli ping`. */
const CALLS_PING = /(?:^|[;&|(!`]|\b(?:do|then|else|until|while|if|exec))\s*(?:\/\S*\/)?ping6?\s/m

/** Whether the program starts as another user than root; undefined if nothing shows it. */
function isNotRoot({ compose, image, plan }: ServiceConversion): boolean | undefined {
  if (plan.rights.runAsUser !== undefined) return plan.rights.runAsUser !== 0
  const user = compose.user?.split(':')[0] || image.facts.user?.split(':')[0]
  return user ? user !== 'root' && user !== '0' : undefined
}

function lacksCapability({ plan: { rights } }: ServiceConversion): boolean {
  const named = (list: readonly string[] = []) =>
    list.some((name) => name === 'ALL' || name === 'NET_BIND_SERVICE')
  return named(rights.capabilities?.drop) && !named(rights.capabilities?.add)
}

function whyLowPorts(service: ServiceConversion): Because | undefined {
  const ports = service.plan.ports.map(({ port }) => port)
  const port = ports.find((one) => one < FIRST_UNPRIVILEGED)
  if (port === undefined) return undefined
  const values = { service: service.service, port }
  if (isNotRoot(service) === true) return because('port', values)
  return lacksCapability(service) ? because('capability', values) : undefined
}

function whyPing(service: ServiceConversion): Because | undefined {
  const { compose, image } = service
  const test = healthcheckOf(service)?.test ?? []
  const [form] = test
  const lists = [
    compose.entrypoint ?? image.facts.entrypoint ?? [],
    compose.command ?? [],
    form === 'CMD' || form === 'CMD-SHELL' ? test.slice(1) : test,
  ]
  // an argument list begins with its program, and may hold a script
  const calls = lists.some(
    (list) => CALLS_PING.test(list.join(' ')) || list.some((word) => CALLS_PING.test(word)),
  )
  return calls && isNotRoot(service) ? because('ping', { service: service.service }) : undefined
}

function settingsOf(service: ServiceConversion): KernelSetting[] {
  const why = [
    { setting: LOW_PORTS, cause: whyLowPorts(service) },
    { setting: PING, cause: whyPing(service) },
  ]
  return why.flatMap(({ setting, cause }) =>
    cause === undefined ? [] : [{ ...setting, because: cause }],
  )
}

export default {
  id: 'unprivileged',
  causes: because,
  title: 'Let a program that is not root listen on low ports and ping',
  plan({ services }) {
    for (const service of services) {
      if (service.plan.rights.privileged === true) continue
      const { sysctls } = service.plan.needs
      const declared = new Set(sysctls.map(({ name }) => name))
      sysctls.push(...settingsOf(service).filter(({ name }) => !declared.has(name)))
    }
  },
} satisfies Adaptation
