import type { Project, Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding } from './finding.ts'

/** A port of the machine that a service takes. */
interface Taken {
  service: string
  /** JSON Pointer below the service. */
  path: string
  ip: string
  port: string
}

/**
 * Ports of the machine that two services of the project publish, or one twice: the engine gives a port to one container.
 * Ranges are left out, because the engine takes a free port of them.
 */
export function publishedTwice(project: Project, runs: (service: Service) => boolean): Finding[] {
  const taken: Taken[] = []
  const findings: Finding[] = []
  for (const [service, described] of Object.entries(project.services)) {
    if (!runs(described) || described.network_mode === 'host') continue
    for (const [index, port] of (described.ports ?? []).entries()) {
      const { published, protocol, host_ip: ip = '' } = port
      if (!published || !/^\d+$/.test(published) || Number(published) === 0) continue
      const one: Taken = {
        service,
        path: pointerTo('/ports', index),
        ip: ['0.0.0.0', '::', ''].includes(ip) ? '' : ip,
        port: `${Number(published)}/${protocol}`,
      }
      const other = taken.find((before) => before.port === one.port && isSame(before, one))
      if (other === undefined) taken.push(one)
      else findings.push(conflict(one, other))
    }
  }
  return findings
}

/** An address of both families contains those of each. */
function isSame(one: Taken, other: Taken): boolean {
  return one.ip === other.ip || one.ip === '' || other.ip === ''
}

function conflict({ service, path, ip, port }: Taken, other: Taken): Finding {
  const [number = '', protocol] = port.split('/')
  const by = other.service === service ? 'an entry above' : other.service
  return {
    path: `${pointerTo('/services', service)}${path}`,
    message: `Bind for ${ip || '0.0.0.0'}:${number} failed: port is already allocated`,
    hint: `${by} publishes ${number}/${protocol}, too: use another port, or put them in different profiles`,
  }
}
