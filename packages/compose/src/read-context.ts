import type { Report } from '@landfall/diagnostic'
import type { Environment } from './files/environment.ts'
import type { TextReader } from './files/read-text.ts'
import type { FileSystem } from './load.ts'

/** What reading files needs: one for the project, and one for each include. */
export interface ReadContext {
  readonly files: FileSystem
  readonly reader: TextReader
  readonly workingDirectory: string
  /** Absolute; the names of files below it are shown without it. */
  readonly shownFrom: string
  /** Absolute; where relative paths start from. */
  readonly projectDirectory: string
  /** What files that a file names (`include`, `extends`) are relative to, where that is another directory. */
  readonly filesDirectory?: string
  readonly environment: Environment
  /** The command that makes the .env file of the project from its template; undefined: it is there, or there is no template. */
  readonly missingEnvFile?: () => string | undefined
  /** Where `~` leads; undefined: it stays. */
  readonly home: string | undefined
  /** Whether variables are replaced; if not, short forms that cannot be read for them stay. */
  readonly interpolate: boolean
  /** Whether paths are made absolute; if not, those of other files are made relative to the project directory. */
  readonly resolvePaths: boolean
  readonly report: Report
  /** Absolute paths of the files that led here through `include`. */
  readonly including: readonly string[]
}
