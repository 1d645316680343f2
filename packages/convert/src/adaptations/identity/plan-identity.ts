import { Buffer } from 'node:buffer'
import { isAbsolute } from 'node:path/posix'
import { isEnvironmentName, toDnsLabel } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { copyPortOf, hasNumber, isNumbered } from '../../facts/identity.ts'
import type { CopyPorts, Identity } from '../../plan/plan.ts'
import { offerOf } from '../exposure/exposure.ts'
import { placeholder } from '../file-edits/late-values.ts'
import { checkIdentity } from './check.ts'
import { takeNodePorts } from './node-ports.ts'
import { reason } from './reasons.ts'
import { reportIdentity } from './report.ts'

/** The first number: that of Swarm. */
const FIRST = 1

/**
 * Decides what the number of a copy is in: names, ports, variables and a file. `taken`: ports of nodes that copies have, with what has them.
 */
export function planIdentity(
  conversion: Conversion,
  service: ServiceConversion,
  taken: Map<number, string>,
): void {
  const { plan, settings } = service
  if (!isNumbered(service)) {
    reportPortsWithoutIdentity(conversion, service)
    return
  }
  if (!checkIdentity(conversion, service)) return
  const { from = FIRST, most, env, file } = settings.identity ?? {}
  const identity: Identity = {
    from,
    most: Math.max(plan.replicas, most ?? 0),
    names: namesOf(service),
    ports: [],
    ...(env !== undefined && { env }),
    ...(file !== undefined && { file }),
  }
  plan.identity = identity
  identity.ports = portsOf(conversion, service, identity, taken)
  if (env !== undefined && !isEnvironmentName(env))
    reportIdentity(conversion, service, ['env'], `${env} is not a valid name of a variable`, {
      hint: 'use letters, digits, dots, dashes and underscores: NID',
    })
  if (file !== undefined) planFile(conversion, service, file)
  noteTexts(service)
}

/** `node-{{identity}}`, and the host name of the Compose file if it has the number. */
function namesOf({ plan, compose }: ServiceConversion): string[] {
  const own = `${plan.name}-{{identity}}`
  const written = compose.hostname
  if (written === undefined || !hasNumber(written)) return [own]
  const name = written.replace(/\{\{.*?\}\}/, 'landfall0number')
  const valid = toDnsLabel(name).replace('landfall0number', '{{identity}}')
  return [...new Set([own, valid])]
}

function portsOf(
  conversion: Conversion,
  service: ServiceConversion,
  identity: Identity,
  taken: Map<number, string>,
): CopyPorts[] {
  const { type } = offerOf(conversion, service)
  return (service.settings.ports ?? []).flatMap((text, index): CopyPorts[] => {
    const port = copyPortOf(text)
    if (port === undefined) return []
    const last = port.base + identity.from + Math.max(identity.most, 1) - 1
    const wrong = (message: string, hint: string): CopyPorts[] => {
      const path = service.at('ports', index)
      reportIdentity(conversion, service, [], message, { hint, path })
      return []
    }
    if (last > 65535)
      return wrong(
        `${text} is ${last} for the last copy, which is not a port`,
        'use a smaller number',
      )
    if (type === 'none') return [{ ...port, offered: 'inside' }]
    if (type === 'LoadBalancer') return [{ ...port, offered: 'LoadBalancer' }]
    if (type === 'HostPort')
      return wrong(
        `${text} cannot be a port of the node: all copies have one pod template`,
        'use expose: { type: NodePort } or LoadBalancer',
      )
    const problem = takeNodePorts(service, identity, port, taken)
    return problem === undefined
      ? [{ ...port, offered: 'NodePort' }]
      : wrong(`${text} ${problem.message}`, problem.hint)
  })
}

/** A file of one number, mounted alone: the other files of its folder stay. */
function planFile(conversion: Conversion, service: ServiceConversion, file: string): void {
  const { plan } = service
  if (!isAbsolute(file) || file.endsWith('/')) {
    reportIdentity(
      conversion,
      service,
      ['file'],
      `${file} is not the path of a file in the container`,
      {
        hint: 'use an absolute path; paths inside of a tarball are relative to its top folder',
      },
    )
    return
  }
  const token = placeholder(plan, { pod: 'number' }, 'properties')
  plan.files.push({
    target: file,
    from: 'landfall',
    tree: false,
    files: [{ path: '', bytes: Buffer.from(token), mode: 0o644, completed: true }],
  })
}

function noteTexts({ compose, plan, note, add }: ServiceConversion): void {
  if (compose.hostname !== undefined && hasNumber(compose.hostname))
    note(
      ['hostname'],
      reason('hostname-per-copy', { pod: `${plan.name}-NUMBER`, written: compose.hostname }),
    )
  for (const [name, value] of Object.entries(compose.environment ?? {}))
    if (typeof value === 'string' && hasNumber(value))
      add(['environment', name], reason('value-per-copy'))
}

function reportPortsWithoutIdentity(conversion: Conversion, service: ServiceConversion): void {
  for (const [index, text] of (service.settings.ports ?? []).entries())
    if (copyPortOf(text) !== undefined)
      reportIdentity(
        conversion,
        service,
        [],
        `${text} needs copies with numbers, and ${service.service} has no identity`,
        {
          hint: 'add identity: { from: 1 }, or use a port',
          path: service.at('ports', index),
        },
      )
}
