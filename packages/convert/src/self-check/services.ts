import type { KubeObject } from '@landfall/kube'
import type { Finding, Rule } from './finding.ts'
import { repeated } from './repeated.ts'

interface ServicePort {
  name?: string
  port: number
  protocol?: string
  nodePort?: number
}

/** Ports of Services: each once, named where there are several, and no port of the nodes twice. */
export const serviceRule: Rule = ({ all }) => {
  const services = [...all].filter(([, { kind }]) => kind === 'Service')
  const nodePorts = services.flatMap(([, service]) =>
    portsOf(service).flatMap(({ nodePort, protocol = 'TCP' }) =>
      nodePort === undefined ? [] : `${nodePort}/${protocol}`,
    ),
  )
  const twice = new Set(repeated(nodePorts))
  return services.flatMap(([object, service]) => {
    const ports = portsOf(service)
    const problems = [
      ...repeated(ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`)).map(
        (port) => `port ${port} is there twice`,
      ),
      ...repeated(ports.map(({ name }) => name)).map((name) => `two ports are named ${name}`),
      ...ports
        .filter(({ name }) => ports.length > 1 && name === undefined)
        .map(({ port }) => `port ${port} has no name beside others`),
      ...ports
        .filter(({ port }) => !(port > 0 && port < 65_536))
        .map(({ port }) => `${port} is no port`),
      ...ports
        .filter(({ nodePort, protocol = 'TCP' }) => twice.has(`${nodePort}/${protocol}`))
        .map(({ nodePort }) => `${nodePort} is given to two Services`),
    ]
    return problems.map((message): Finding => ({ object, at: '/spec/ports', message }))
  })
}

function portsOf({ spec }: KubeObject): ServicePort[] {
  return spec.ports ?? []
}
