import type { ServiceConversion } from '../conversion.ts'

/** Whether the container is privileged: by the project, or to reach the device files that landfall.yaml gives it. */
export function isPrivileged({ compose, settings }: ServiceConversion): boolean {
  const wantsDevices = compose.devices !== undefined || compose.device_cgroup_rules !== undefined
  return compose.privileged === true || (wantsDevices && settings.host?.devices === true)
}
