import { displayPath, type Report } from '@landfall/diagnostic'
import { isAddress } from '../canonical/port.ts'
import { type ComposeCode, reportProblem } from '../codes.ts'
import {
  entrySpan,
  isNull,
  itemsAt,
  type MapNode,
  mapAt,
  type Node,
  spanOfNode,
  textAt,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'

/** Checks values that only make sense together: external resources, sources of configs and secrets, addresses. */
export function checkValues(root: MapNode, report: Report): void {
  const problem = (
    code: ComposeCode,
    message: string,
    path: string,
    at: Node | undefined,
    hint?: string,
  ) => reportProblem(report, { code, message, path, at: entrySpan(at), hint })

  for (const [name, volume] of mapAt(root, 'volumes')?.entries ?? []) {
    const pointer = pointerTo('/volumes', name)
    if (volume.kind !== 'map' || !isTrue(volume.entries.get('external'))) continue
    for (const [key, value] of volume.entries)
      if (key !== 'name' && key !== 'external' && !key.startsWith('x-'))
        problem(
          'compose/conflicting-keys',
          `the external volume "${name}" cannot have "${key}"`,
          pointerTo(pointer, key),
          value,
          'an external volume exists already; only "name" can be set',
        )
  }
  checkSources(root, 'configs', ['file', 'environment', 'content'], problem)
  checkSources(root, 'secrets', ['file', 'environment'], problem)

  for (const [name, service] of mapAt(root, 'services')?.entries ?? []) {
    const pointer = pointerTo('/services', name)
    for (const [index, port] of itemsAt(service, 'ports').entries()) {
      const ip = textAt(port, 'host_ip')
      if (ip === undefined || isAddress(ip) || port.kind !== 'map') continue
      reportProblem(report, {
        code: 'compose/invalid-port',
        message: `"${ip}" is not an IP address`,
        path: `${pointer}/ports/${index}/host_ip`,
        at: spanOfNode(port.entries.get('host_ip')),
      })
    }
    for (const [index, watch] of itemsAt(mapAt(service, 'develop'), 'watch').entries())
      if (watch.kind === 'map' && textOf(watch.entries.get('path')) === '')
        problem(
          'compose/invalid-value',
          'the path to watch is empty',
          `${pointer}/develop/watch/${index}/path`,
          watch.entries.get('path'),
        )
    const pid = service.kind === 'map' ? service.entries.get('pid') : undefined
    if (isNull(pid))
      problem(
        'compose/wrong-type',
        'the pid namespace is empty',
        `${pointer}/pid`,
        pid,
        'remove it',
      )
    checkDevices(service, pointer, problem)
  }
}

type ReportValue = (
  code: ComposeCode,
  message: string,
  path: string,
  at: Node | undefined,
  hint?: string,
) => void

function checkDevices(service: Node, pointer: string, problem: ReportValue): void {
  const resources = mapAt(mapAt(service, 'deploy'), 'resources')
  const places: [string, readonly Node[]][] = [
    ['/gpus', itemsAt(service, 'gpus')],
    [
      '/deploy/resources/reservations/devices',
      itemsAt(mapAt(resources, 'reservations'), 'devices'),
    ],
  ]
  for (const [place, devices] of places)
    for (const [index, device] of devices.entries())
      if (device.kind === 'map' && device.entries.has('count') && device.entries.has('device_ids'))
        problem(
          'compose/conflicting-keys',
          '"count" and "device_ids" exclude each other',
          `${pointer}${place}/${index}`,
          device.entries.get('device_ids'),
        )
}

function checkSources(
  root: MapNode,
  section: string,
  keys: readonly string[],
  problem: ReportValue,
): void {
  for (const [name, resource] of mapAt(root, section)?.entries ?? []) {
    if (resource.kind !== 'map') continue
    const pointer = pointerTo(`/${section}`, name)
    const given = keys.filter((key) => resource.entries.has(key))
    const what = `${displayPath(pointer)}`
    if (given.length > 1)
      problem(
        'compose/conflicting-keys',
        `${what} has ${given.join(' and ')}, which exclude each other`,
        pointer,
        resource,
        `keep one of ${keys.join(', ')}`,
      )
    else if (
      given.length === 0 &&
      !resource.incomplete &&
      !resource.entries.has('driver') &&
      !resource.entries.has('external')
    ) {
      problem('compose/missing-key', `${what} needs one of ${keys.join(', ')}`, pointer, resource)
      resource.incomplete = true
    }
  }
}

export function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true
}
