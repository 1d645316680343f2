import type { FileSystem, Project, Service } from '@landfall/compose'
import type { Diagnostic, Origins, Sources } from '@landfall/diagnostic'
import type { ConvertCode } from './codes.ts'
import type { KnownImage } from './facts/images/known-image.ts'
import type { LedgerBook } from './ledger/ledger.ts'
import type { Reason } from './ledger/reasons.ts'
import type { Plan, ServicePlan } from './plan/plan.ts'
import type { LandfallFile, ServiceSettings } from './settings/landfall-file.ts'

/** One conversion on its way: what was read, what is decided so far, and where to tell about it. */
export interface Conversion {
  readonly project: Project
  readonly projectDirectory: string
  /** What objects name Compose files from. */
  readonly filesDirectory?: string
  /** What the names of files in `origins` start from. */
  readonly shownFrom?: string
  readonly origins: Origins
  readonly files: FileSystem
  /** Paths that are left out of mounted trees; grows while these are read. */
  readonly leftOut: ReadonlySet<string>
  /** FIFOs, sockets and devices that were met; grows while trees are read. */
  readonly special: ReadonlySet<string>
  /** All files of the machine that belong to the project, for build contexts. */
  readonly contextFiles: FileSystem
  /** Texts of the Compose files. */
  readonly sources?: Sources
  readonly environment?: Readonly<Record<string, string>>
  readonly settings: LandfallFile
  readonly settingsOrigins: Origins
  /** Text of landfall.yaml. */
  readonly settingsSources?: Sources
  /** Commits, or `sha256:…` of archives, by the addresses of build contexts. */
  readonly contexts?: ReadonlyMap<string, string>
  /** The text of the keeper's program. */
  readonly keeperProgram?: () => string
  /** Services whose program ended with exit code 0 under `landfall up`. */
  readonly oneShots?: ReadonlySet<string>
  /** At a site: for each service that it does not have, a site that does. */
  readonly elsewhere?: Readonly<Record<string, string>>
  /** Sorted by name, whatever the order in the file. */
  readonly services: readonly ServiceConversion[]
  /** Who answers to a name, written or legal, in lower case; filled by `names-to-services`. */
  readonly owners: Map<string, ServiceConversion>
  /** Legal names that several services answer to in turn, the owner first; filled by `names-to-services`. */
  readonly sharers: Map<string, ServiceConversion[]>
  /** The services of each pod that has several, in their order, by the one that {@link podOf} gives; filled by `shared-namespaces`. */
  readonly shared: Map<string, ServiceConversion[]>
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
