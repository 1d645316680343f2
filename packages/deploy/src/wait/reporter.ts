import type { Connections } from '../answers/connections.ts'
import type { PublishedPorts } from '../answers/published.ts'
import type { Assessment } from '../assess/assess.ts'
import type { DeployEvent } from '../events.ts'

/** Turns what is seen round after round into events, each only when it has changed. */
export interface Reporter {
  workloads(assessments: readonly Assessment[]): void
  ports(ports: PublishedPorts, connections: Connections): void
  /** Milliseconds since everything has been ready without a break. */
  readyForMs(): number
}

export function reporter(onEvent: (event: DeployEvent) => void, now: () => number): Reporter {
  const beganAt = now()
  const reported = new Map<string, string>()
  /** When each became ready as far as the cluster shows, and has been since. */
  const readyAt = new Map<string, number>()
  const wait = (object: string, message: string): void => {
    if (reported.get(object) === message) return
    reported.set(object, message)
    onEvent({ type: 'wait', object, message })
  }
  /** What is not a workload is reported while it is waited for. */
  const over = (object: string): void => {
    reported.delete(object)
    onEvent({ type: 'ready', object, ms: Math.round(now() - beganAt) })
  }
  return {
    workloads(assessments) {
      for (const { object, status, message, watched } of assessments) {
        const ready = status.state === 'current'
        if (!ready && watched === undefined) readyAt.delete(object)
        else if (!readyAt.has(object)) readyAt.set(object, now())
        if (!ready) wait(object, message)
        else if (reported.get(object) !== 'ready') {
          reported.set(object, 'ready')
          const ms = Math.round((readyAt.get(object) ?? now()) - beganAt)
          onEvent({ type: 'ready', object, ms })
        }
      }
    },
    ports(ports, connections) {
      if (ports.pending() === undefined && connections.pending() === undefined)
        for (const object of reported.keys()) if (object.startsWith('port/')) over(object)
      const pending = ports.pending()
      if (pending !== undefined) {
        const { service, port, error } = pending
        wait(`port/${service}-${port}`, `published port ${port} does not answer yet: ${error}`)
      }
      const inside = connections.pending()
      if (inside !== undefined && connections.tested())
        wait(
          `port/${inside.name}-${inside.port}`,
          `${inside.pair}, to which ${inside.by} connects, does not answer yet`,
        )
    },
    readyForMs: () => Math.round(now() - Math.max(beganAt, ...readyAt.values())),
  }
}
