import type { PlannedPort } from '../../plan/plan.ts'

export interface ServicePort {
  name: string
  port: number
  targetPort: number
  protocol: string
}

/** Ports of a Service that offers exactly what the containers listen on. */
export function servicePorts(ports: readonly PlannedPort[]): ServicePort[] {
  return ports.map(({ port, protocol }) => ({
    name: portName({ port, protocol }),
    port,
    targetPort: port,
    protocol,
  }))
}

/** Unique in its Service: `tcp-8080`. */
export function portName({ port, protocol }: Pick<PlannedPort, 'port' | 'protocol'>): string {
  return `${protocol.toLowerCase()}-${port}`
}
