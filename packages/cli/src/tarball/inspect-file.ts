import { basename, resolve } from 'node:path'
import {
  type Inspection,
  inspectTarball,
  type Scan,
  scanTarball,
  TarballProblem,
} from '@landfall/containerize'
import type { Diagnostic } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'

/** What was found in a tarball, or why it is not used. */
export interface Inspected {
  /** The name of the file. */
  name: string
  found?: { scan: Scan; inspection: Inspection }
  diagnostics: readonly Diagnostic[]
}

/** Reads and inspects a tarball; what is wrong with it is reported. */
export async function inspectFile(
  place: string,
  { cwd }: Pick<Terminal, 'cwd'>,
): Promise<Inspected> {
  const name = basename(place)
  const report = (severity: Diagnostic['severity'], problem: TarballProblem): Diagnostic => ({
    ...{ code: problem.code, severity, message: `${name}: ${problem.message}` },
    ...{ path: '', hint: problem.hint },
  })
  try {
    const scan = await scanTarball(resolve(cwd, place))
    const inspection = inspectTarball(scan, name)
    const diagnostics = problemsOf(inspection).map((problem) => report('warning', problem))
    return { name, found: { scan, inspection }, diagnostics }
  } catch (error) {
    if (!(error instanceof TarballProblem)) throw error
    return { name, diagnostics: [report('error', error)] }
  }
}

function problemsOf({ scripts }: Inspection): TarballProblem[] {
  if (scripts.length === 0)
    return [
      new TarballProblem(
        'containerize/no-start-script',
        'it has no start script with a usual name',
        'set start in landfall.yaml to the script that starts the program',
      ),
    ]
  return scripts.flatMap(({ path, problem }) =>
    problem === undefined
      ? []
      : [
          new TarballProblem(
            problem,
            problem === 'containerize/no-shebang'
              ? `${path} does not begin with "#!"`
              : `${path} has Windows line ends`,
            'it cannot be the start script as it is',
          ),
        ],
  )
}
