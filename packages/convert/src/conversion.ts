import type { FileSystem, Project, Service } from '@landfall/compose'
import { type Diagnostic, type Origins, spanOf, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from './codes.ts'
import type { ConvertInput } from './convert.ts'
import { declaredAt } from './facts/declared-at.ts'
import { type KnownImage, UNREAD } from './facts/images.ts'
import { allocateNames } from './facts/legal-names.ts'
import { type LedgerBook, ledgerBook } from './ledger/ledger.ts'
import type { Reason } from './ledger/reasons.ts'
import { causes } from './plan/because.ts'
import { GATE_IMAGE, TOOLS_IMAGE } from './plan/images.ts'
import type { Plan, ServicePlan } from './plan/plan.ts'
import type { LandfallFile, ServiceSettings } from './settings/landfall-file.ts'

/** One conversion on its way: what was read, what is decided so far, and where to tell about it. */
export interface Conversion {
  readonly project: Project
  readonly projectDirectory: string
  readonly origins: Origins
  readonly files: FileSystem
  readonly environment?: Readonly<Record<string, string>>
  readonly settings: LandfallFile
  readonly settingsOrigins: Origins
  /** Services whose program ended with exit code 0 under `landfall up`. */
  readonly oneShots?: ReadonlySet<string>
  /** Sorted by name, whatever the order in the file. */
  readonly services: readonly ServiceConversion[]
  /** Who answers to a name, written or legal, in lower case; filled by `names-to-services`. */
  readonly owners: Map<string, ServiceConversion>
  /** Legal names that several services answer to in turn, the owner first; filled by `names-to-services`. */
  readonly sharers: Map<string, ServiceConversion[]>
  /** Who has a fixed address under Compose; filled by `literal-addresses`. */
  readonly addresses: Map<string, ServiceConversion>
  /** The conversion of a service by its key. */
  serviceOf(service: string): ServiceConversion | undefined
  readonly plan: Plan
  readonly ledger: LedgerBook
  report(diagnostic: Diagnostic<ConvertCode>): void
  readonly diagnostics: readonly Diagnostic<ConvertCode>[]
}

/** One service with all that is known of it. */
export interface ServiceConversion {
  readonly service: string
  readonly compose: Service
  readonly settings: ServiceSettings
  readonly plan: ServicePlan
  /** What its image says of itself. */
  readonly image: KnownImage
  /** JSON Pointer of a key of the service. */
  at(...keys: (string | number)[]): string
  /** Tells what became of a key of the service. */
  note(keys: readonly (string | number)[], reason: Reason): void
  /** The same for a key that stands for several things, each of which adds to its entry. */
  add(keys: readonly (string | number)[], reason: Reason): void
}

/** What holds until an adaptation decides. */
const because = causes('default', {
  'long-running': 'it keeps running',
  untested: 'nothing tests its health',
})

/** A conversion in which nothing is decided but names, kinds by default and images. */
export function startConversion(input: ConvertInput): Conversion {
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const ledger = ledgerBook(input.origins, input.settings.accept ?? [])
  const names = allocateNames(
    Object.keys(input.project.services).filter((service) => hasContainer(input.project, service)),
  )
  const services = [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, name]) => startService(service, name, input, ledger))
  const byKey = new Map(services.map((service) => [service.service, service]))
  return {
    ...input,
    services,
    owners: new Map(),
    sharers: new Map(),
    addresses: new Map(),
    serviceOf: (service) => byKey.get(service),
    plan: {
      project: input.project.name,
      pods: [],
      services: services.map(({ plan }) => plan),
      volumes: [],
      external: [],
      sharedNames: [],
      images: {
        gate: input.settings.gate?.image ?? GATE_IMAGE,
        tools: input.settings.gate?.tools ?? TOOLS_IMAGE,
      },
    },
    ledger,
    diagnostics,
    report(diagnostic) {
      const at = diagnostic.at ?? spanOf(input.origins, diagnostic.path)
      diagnostics.push(at === undefined ? diagnostic : { ...diagnostic, at })
    },
  }
}

/** What a program beside Compose provides is no container; the ledger says so. */
function hasContainer({ services }: Project, service: string): boolean {
  return services[service]?.provider === undefined
}

function startService(
  service: string,
  name: string,
  input: ConvertInput,
  ledger: LedgerBook,
): ServiceConversion {
  const { project, settings, images } = input
  const compose = project.services[service] as Service
  const at = (...keys: (string | number)[]) => toPointer(['services', service, ...keys])
  return {
    service,
    compose,
    settings: settings.services?.[service] ?? {},
    image: images?.get(service) ?? UNREAD,
    plan: {
      service,
      name,
      kind: 'Deployment',
      kindBecause: because('long-running'),
      replicas: 1,
      ...declaredAt(input, at()),
      image: compose.image ?? `${project.name}-${service}`,
      pullPolicy: 'IfNotPresent',
      names: [],
      reach: { mode: 'ready', because: because('untested') },
      ports: [],
      unlisted: [],
      published: [],
      entrypoint: compose.entrypoint ?? null,
      command: compose.command ?? null,
      environment: {},
      secretVariables: [],
      secretReferences: {},
      ...(compose.healthcheck?.test === undefined
        ? {}
        : { healthTest: [...compose.healthcheck.test] }),
      files: [],
      volumes: [],
      scratch: [],
      hostPaths: [],
      devices: [],
      resources: {},
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
      restartsWith: [],
      seeds: [],
    },
    at,
    note: (keys, reason) => ledger.record(at(...keys), reason),
    add: (keys, reason) => ledger.add(at(...keys), reason),
  }
}
