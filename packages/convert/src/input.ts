import type { FileSystem, Project } from '@landfall/compose'
import type { Origins, Sources } from '@landfall/diagnostic'
import type { KnownImage } from './facts/images/known-image.ts'
import type { LandfallFile } from './settings/landfall-file.ts'

/** What a conversion needs. */
export interface ConvertInput {
  project: Project
  origins: Origins
  /** Absolute. */
  projectDirectory: string
  /** Absolute directory from which objects name Compose files, wherever the project directory is; that if omitted. */
  filesDirectory?: string
  /** Absolute directory that the names of files in `origins` start from; the project directory if omitted. */
  shownFrom?: string
  files: FileSystem
  /** What `files` has not read because it is outside of the project, filled while it reads; see `guardedFiles`. */
  refused?: ReadonlyMap<string, string>
  /** Texts of the Compose files, by the names in `origins`: how a path is written decides whether it is one of the project. */
  sources?: Sources
  /** Profiles that would enable more services. */
  profiles?: readonly string[]
  settings: LandfallFile
  settingsOrigins: Origins
  /** Text of landfall.yaml, by the name in `settingsOrigins`: checks are named by their line. */
  settingsSources?: Sources
  /** Where `environment` of a config or secret is looked up. */
  environment?: Readonly<Record<string, string>>
  /** What is known of the image of each service, see `learnImages`. */
  images?: ReadonlyMap<string, KnownImage>
  /** Commits, or `sha256:…` of archives, by the addresses of build contexts; those that are not known are left out. */
  contexts?: ReadonlyMap<string, string>
  /** The text of the keeper's program; used where landfall.yaml declares what needs one. */
  keeperProgram?: () => string
  /** Services whose program ended with exit code 0 under `landfall up`, see `landfall.lock`. */
  oneShots?: ReadonlySet<string>
  /** At a site: for each service that it does not have, a site that does. */
  elsewhere?: Readonly<Record<string, string>>
}
