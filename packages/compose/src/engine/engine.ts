import { type Diagnostic, type Origins, type Report, spanOf } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import type { Project, Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import { containerRules } from './container.ts'
import type { Finding } from './finding.ts'
import { isolationRules } from './isolation.ts'
import { loggingRules } from './logging.ts'
import { mountRules } from './mounts.ts'
import { endpointRules, networkingRules, networkRules } from './networking.ts'
import { publishedTwice } from './published.ts'
import { resourceRules } from './resources.ts'

const rules = [
  ...[containerRules, resourceRules, mountRules],
  ...[networkingRules, isolationRules, loggingRules],
]

/**
 * What `docker compose up` fails on although `docker compose config` accepts it: values that Docker's engine refuses on
 * every machine. Each is an error `compose/engine-refuses` with the engine's message.
 * Reference: https://github.com/moby/moby (daemon/container.go, daemon/daemon_unix.go)
 */
export function engineProblems(project: Project, origins: Origins): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const report: Report = (diagnostic) => diagnostics.push(diagnostic)
  const add = (above: string, { path, message, hint }: Finding) =>
    reportProblem(report, {
      code: 'compose/engine-refuses',
      message: `Docker's engine refuses this: ${message}`,
      path: above + path,
      at: spanOf(origins, above + path),
      hint,
    })
  for (const [name, service] of Object.entries(project.services)) {
    if (!runs(service)) continue
    const findings = [...rules.flatMap((rule) => rule(service)), ...endpointRules(project, service)]
    for (const finding of findings) if (finding) add(pointerTo('/services', name), finding)
  }
  for (const finding of publishedTwice(project, runs)) add('', finding)
  for (const [name, network] of Object.entries(project.networks ?? {}))
    if (network?.external !== true)
      for (const finding of networkRules(project, name)) add(pointerTo('/networks', name), finding)
  for (const [name, volume] of Object.entries(project.volumes ?? {})) {
    const finding = volumeName(volume?.name)
    const isLocal = volume?.driver === undefined || volume.driver === 'local'
    if (finding && isLocal && volume?.external !== true) add(pointerTo('/volumes', name), finding)
  }
  return diagnostics
}

/** No container is created for a service without copies, or for what a program of the host provides. */
function runs({ provider, scale, deploy }: Service): boolean {
  const replicas = deploy?.replicas
  const copies = scale ?? (typeof replicas === 'number' ? replicas : 1)
  return provider === undefined && copies !== 0
}

function volumeName(name: string | undefined): Finding | undefined {
  if (name === undefined || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return undefined
  return {
    path: '/name',
    message: `"${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed`,
  }
}
