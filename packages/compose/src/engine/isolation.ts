import type { Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'

/** What separates a container from its machine: security options, kernel parameters, rules for devices. */
export const isolationRules: ServiceRule = (service) => [
  ...textsOf(service.security_opt).map((option, index) => securityRule(option, index)),
  ...Object.keys(sysctlsOf(service)).map((name) => sysctlRule(name, service)),
  ...textsOf(service.device_cgroup_rules).map(
    (rule, index) =>
      !/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/.test(rule) && {
        path: pointerTo('/device_cgroup_rules', index),
        message: `invalid device cgroup rule format: '${rule}'`,
        hint: 'write "c 189:* rwm": a type, the major and minor number, and what is allowed',
      },
  ),
]

const securityKeys = 'apparmor label no-new-privileges seccomp systempaths writable-cgroups'.split(
  ' ',
)

/** Reference: https://github.com/moby/moby (daemon/daemon_unix.go, parseSecurityOpt) */
function securityRule(option: string, index: number): Finding | false {
  const path = pointerTo('/security_opt', index)
  const [, key = '', value = ''] = /^([^=:]*)[=:]([\s\S]*)$/.exec(option) ?? ['', option, '']
  if (option !== 'no-new-privileges' && !/[=:]/.test(option))
    return {
      path,
      message: `invalid security-opt: "${option}"`,
      hint: 'write "key=value", or "no-new-privileges"',
    }
  const isSwitch = key === 'no-new-privileges' || key === 'writable-cgroups'
  const isBoolean = /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value)
  const isBare = option === 'no-new-privileges'
  if (securityKeys.includes(key) && (!isSwitch || isBoolean || isBare)) return false
  return {
    path,
    message: `invalid --security-opt 2: "${option}"`,
    hint: isSwitch ? `write "${key}=true"` : `known options are ${securityKeys.join(', ')}`,
  }
}

const ipcParameters =
  /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$|fs\.mqueue\.)/

/** Reference: https://github.com/opencontainers/runc (libcontainer/configs/validate) */
function sysctlRule(written: string, service: Service): Finding | false {
  const name = written.replaceAll('/', '.')
  const path = pointerTo('/sysctls', written)
  const problem = (why: string, hint: string): Finding => ({
    path,
    message: `sysctl "${written}" ${why}`,
    hint,
  })
  const onMachine = 'remove it here, and set it on the machine'
  if (ipcParameters.test(name))
    return service.ipc === 'host' && problem('is not allowed in the hosts ipc namespace', onMachine)
  if (name.startsWith('net.'))
    return (
      service.network_mode === 'host' && problem('not allowed in host network namespace', onMachine)
    )
  if (name === 'kernel.domainname')
    return service.uts === 'host' && problem('is not allowed in the hosts uts namespace', onMachine)
  if (name === 'kernel.hostname')
    return problem('is not allowed as it conflicts with the OCI "hostname" field', 'set hostname')
  // Settings of the whole machine are refused as well, but landfall.yaml can allow them: conversion answers for these.
  return false
}

function sysctlsOf({ sysctls }: Service): Readonly<Record<string, unknown>> {
  return typeof sysctls === 'object' && sysctls !== null && !Array.isArray(sysctls)
    ? (sysctls as Readonly<Record<string, unknown>>)
    : {}
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
