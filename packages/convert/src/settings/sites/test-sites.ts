import { loadProject, memoryFiles } from '@landfall/compose'
import { renderDiagnostic } from '@landfall/diagnostic'
import { loadLandfallFile, loadSites } from '../load.ts'
import type { WantedSite } from './choose.ts'

const compose = `name: fog
services:
  discovery: { image: x, ports: ["8090:8090"] }
  rabbitmq: { image: x, ports: ["5672:5672"] }
  broker: { image: x, ports: ["8060:8060"], depends_on: [discovery], volumes: ["./config.json:/config.json"] }
  worker: { image: x, depends_on: [rabbitmq] }
`

function input(settings: string, more: Readonly<Record<string, string | Uint8Array>> = {}) {
  const files = memoryFiles({
    '/fog/compose.yaml': compose,
    '/fog/config.json': '{}',
    '/fog/landfall.yaml': settings,
    ...more,
  })
  const loaded = loadProject({ files, workingDirectory: '/fog', environment: {} })
  if (loaded.project === undefined) throw new Error('the project does not load')
  const { project, projectDirectory, origins: projectOrigins, sources } = loaded
  return { input: { files, projectDirectory, project, projectOrigins }, sources }
}

/** All sites of the settings, and what is printed about them. */
export function allSites(settings: string, more?: Readonly<Record<string, string | Uint8Array>>) {
  const { input: given, sources } = input(settings, more)
  const result = loadSites(given)
  const known = new Map([...sources, ...result.sources])
  const printed = result.diagnostics.map((one) => renderDiagnostic(one, known))
  return { ...result, sources: known, printed }
}

/** The settings of one site. */
export function oneSite(
  settings: string,
  site: WantedSite | undefined,
  more?: Record<string, string>,
) {
  const { input: given, sources } = input(settings, more)
  const result = loadLandfallFile({ ...given, ...(site && { site }) })
  const known = new Map([...sources, ...result.sources])
  return { ...result, printed: result.diagnostics.map((d) => renderDiagnostic(d, known)) }
}
