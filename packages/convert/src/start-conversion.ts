import type { Project, Service } from '@landfall/compose'
import { type Diagnostic, ownValue, recordOf, spanOf, toPointer } from '@landfall/diagnostic'
import { because as reachBecause } from './adaptations/reach/causes.ts'
import { because as kindBecause } from './adaptations/workload-kind/causes.ts'
import type { ConvertCode } from './codes.ts'
import type { Conversion, ServiceConversion } from './conversion.ts'
import { declaredAt } from './facts/declared-at.ts'
import { isDisabled } from './facts/disabled.ts'
import { UNREAD } from './facts/images/known-image.ts'
import { deployedFiles } from './facts/mounts/left-out.ts'
import { readOnce } from './facts/mounts/read-once.ts'
import { allocateNames } from './facts/names/legal-names.ts'
import type { ConvertInput } from './input.ts'
import { type LedgerBook, ledgerBook } from './ledger/ledger.ts'
import { GATE_IMAGE, TOOLS_IMAGE } from './plan/images.ts'

/** A conversion in which nothing is decided but names, kinds by default and images. */
export function startConversion(input: ConvertInput): Conversion {
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const reported = new Set<string>()
  const ledger = ledgerBook(input.origins, input.settings.accept ?? [])
  const names = allocateNames(
    Object.keys(input.project.services).filter(
      (service) => hasContainer(input.project, service) && !isDisabled(input.settings, service),
    ),
  )
  const services = [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, name]) => startService(service, name, input, ledger))
  const byKey = new Map(services.map((service) => [service.service, service]))
  const deployed = deployedFiles(input.files, input.project, input.projectDirectory)
  return {
    ...input,
    files: readOnce(deployed.files),
    leftOut: deployed.leftOut,
    special: deployed.special,
    contextFiles: input.files,
    services,
    owners: new Map(),
    sharers: new Map(),
    shared: new Map(),
    addresses: new Map(),
    serviceOf: (service) => byKey.get(service),
    plan: {
      project: input.project.name,
      pods: [],
      services: services.map(({ plan }) => plan),
      volumes: [],
      binds: [],
      external: [],
      sharedNames: [],
      checks: [],
      images: {
        gate: input.settings.gate?.image ?? GATE_IMAGE,
        tools: input.settings.gate?.tools ?? TOOLS_IMAGE,
      },
    },
    ledger,
    diagnostics,
    report(diagnostic) {
      const key = JSON.stringify([diagnostic.code, diagnostic.path, diagnostic.message])
      if (reported.has(key)) return
      reported.add(key)
      const at = diagnostic.at ?? spanOf(input.origins, diagnostic.path)
      diagnostics.push(at === undefined ? diagnostic : { ...diagnostic, at })
    },
  }
}

/** What a program beside Compose provides is no container; the ledger says so. */
function hasContainer({ services }: Project, service: string): boolean {
  return ownValue(services, service)?.provider === undefined
}

function startService(
  service: string,
  name: string,
  input: ConvertInput,
  ledger: LedgerBook,
): ServiceConversion {
  const { project, settings, images } = input
  const compose = ownValue(project.services, service) as Service
  const at = (...keys: (string | number)[]) => toPointer(['services', service, ...keys])
  return {
    service,
    compose,
    settings: ownValue(settings.services, service) ?? {},
    image: images?.get(service) ?? UNREAD,
    plan: {
      service,
      name,
      kind: 'Deployment',
      kindBecause: kindBecause('keeps-running'),
      replicas: 1,
      ...declaredAt(input, at()),
      image: compose.image ?? `${project.name}-${service}`,
      pullPolicy: 'IfNotPresent',
      names: [],
      reach: { mode: 'ready', because: reachBecause('untested') },
      ports: [],
      unlisted: [],
      published: [],
      forwarded: [],
      entrypoint: compose.entrypoint ?? null,
      command: compose.command ?? null,
      environment: recordOf(),
      secretVariables: [],
      secretReferences: recordOf(),
      ...(compose.healthcheck?.test === undefined
        ? {}
        : { healthTest: [...compose.healthcheck.test] }),
      files: [],
      fileValues: [],
      volumes: [],
      scratch: [],
      hostPaths: [],
      devices: [],
      resources: {},
      permissions: [],
      rights: {},
      hooks: {},
      needs: {
        node: {},
        grace: 0,
        groups: [],
        sysctls: [],
        writtenSysctls: [],
        hostAliases: [],
        placement: { nodeLabels: {}, preferred: [], spread: [] },
      },
      annotations: { pod: {}, workload: {} },
      gates: [],
      externals: [],
      restartsWith: [],
      seeds: [],
    },
    at,
    note: (keys, reason) => ledger.record(at(...keys), reason),
    add: (keys, reason) => ledger.add(at(...keys), reason),
  }
}
