/** What a gate prints of a wait that does not hold: `waiting for db (5432): nothing answers`. */
export interface GateLine {
  /** As the gate names it: a Service, a Job without the hash of its name, a host. */
  name: string
  ports: string[]
  why: string
}

const LINE =
  /waiting for (?:job\/(?<job>[\w.-]+)|https?:\/\/(?<host>[^:/?#\s]+)(?::(?<port>\d+))?\S*|(?<name>[\w.-]+)(?: \((?<ports>[\d ]+)\))?): (?<why>.*)$/

/** Reads what a gate prints; undefined for a line that names nothing which can be looked up. */
export function readGateLine(line: string): GateLine | undefined {
  const groups = LINE.exec(line)?.groups
  if (groups === undefined) return undefined
  const { job, host, port, name, ports, why = '' } = groups
  return {
    name: job ?? host ?? name ?? '',
    ports: (ports ?? port ?? '').split(' ').filter(Boolean),
    why,
  }
}
