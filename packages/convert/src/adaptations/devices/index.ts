import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { isPrivileged } from '../../facts/privileged.ts'
import { noteRequests, reportAll, requestedProcessors } from './processors.ts'
import { reason } from './reasons.ts'

interface DeviceFile {
  source: string
  target: string
}

/** Each device with its place in the Compose file; one of the Container Device Interface has no path. */
function filesOf({ compose }: ServiceConversion): [number, DeviceFile][] {
  const devices = Array.isArray(compose.devices) ? compose.devices : []
  return devices.map(({ source, target }, index) => [
    index,
    { source: String(source), target: String(target ?? source) },
  ])
}

function isPath({ source }: DeviceFile): boolean {
  return source.startsWith('/')
}

/** A privileged container has the devices of its node under their own names. */
function isThere({ compose }: ServiceConversion, { source, target }: DeviceFile): boolean {
  return compose.privileged === true && source === target
}

function noteFiles(service: ServiceConversion): void {
  const { note, settings, compose } = service
  for (const [index, device] of filesOf(service)) {
    const key = ['devices', index]
    if (isPath(device) && isThere(service, device)) note(key, reason('privileged-has-all'))
    else if (isPath(device) && settings.host?.devices === true)
      note(key, reason('device-of-node', { device: device.source }))
    else if (isPath(device))
      note(key, reason('no-device', { device: device.source, service: service.service }))
    else note(key, reason('device-by-name'))
  }
  if (compose.device_cgroup_rules === undefined) return
  if (isPrivileged(service)) note(['device_cgroup_rules'], reason('privileged-may-use-all'))
  else note(['device_cgroup_rules'], reason('no-device-rules', { service: service.service }))
}

/** The files that have to be mounted. */
function mountedFiles(service: ServiceConversion): DeviceFile[] {
  if (service.settings.host?.devices !== true) return []
  return filesOf(service).flatMap(([, device]) =>
    isPath(device) && !isThere(service, device) ? [device] : [],
  )
}

export default {
  id: 'devices',
  reasons: reason,
  title: 'Give a program devices of its node and GPUs',
  plan(conversion) {
    reportAll(conversion)
    for (const service of conversion.services) {
      noteFiles(service)
      noteRequests(service)
      const { plan } = service
      plan.devices = mountedFiles(service)
      const processors = requestedProcessors(service)
      if (Object.keys(processors).length > 0)
        plan.resources = {
          ...plan.resources,
          limits: { ...plan.resources.limits, ...processors },
        }
    }
  },
  part({ devices }) {
    const named = devices.map((device, index) => ({ ...device, name: `device-${index}` }))
    return {
      volumes: named.map(({ name, source }) => ({ name, path: source })),
      mounts: named.map(({ name, target }) => ({ name, mountPath: target })),
    }
  },
} satisfies Adaptation
