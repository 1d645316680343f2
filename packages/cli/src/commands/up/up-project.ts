import { REVISIONS_KEPT } from '@landfall/deploy'
import { requireAnswer } from '../../cluster/with-cluster.ts'
import { displayFor } from '../../display/display-for.ts'
import { keepLearnt } from '../../images/keep.ts'
import { dangerousDrops } from '../../project/dangerous-drops.ts'
import { gitState } from '../../project/git-state.ts'
import { printProblems } from '../../project/print-problems.ts'
import { type Converted, readAndConvert } from '../../project/read.ts'
import { resetFilesOf } from '../../project/reset-files.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { deployUntilDecided, type Session } from './deploy-until-decided.ts'
import type { UpOptions } from './options.ts'

/** What a caller adds to the deployment of a project. */
export interface UpHooks extends Pick<Session, 'adjust' | 'confirm'> {
  /** Runs the conversion, when it is its turn. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>
}

/** Converts and deploys a project, and prints the verdict; the result is the exit code. */
export async function upProject(
  place: string | undefined,
  options: UpOptions,
  terminal: Terminal,
  { inTurn, ...hooks }: UpHooks = {},
): Promise<number> {
  const local =
    options.local === undefined
      ? undefined
      : (await import('../../cluster/local-run.ts')).localRun(options, terminal)
  const answer = local === undefined ? settled(requireAnswer(options, terminal)) : undefined
  const convert = () =>
    local === undefined ? readAndConvert(place, options, terminal) : local.convert(place)
  // What one learns is in the lock file for the next.
  const convertAndKeep = async () => {
    const result = await convert()
    if (isDeployable(result)) keepLearnt(result, terminal)
    return result
  }
  const converted = await (inTurn === undefined ? convert() : inTurn(convertAndKeep))
  // A person without a cluster learns it first, unless the project cannot be deployed at all.
  if (isDeployable(converted)) await answer?.()
  const drops = printProblems(converted, terminal, { uploads: true })
  const bundle = converted.result?.bundle
  if (bundle === undefined) return EXIT.failed
  if (drops.length > 0) return EXIT.dangerousDrop
  const git = await gitState(converted.loaded.projectDirectory, terminal.env)
  if (inTurn === undefined) keepLearnt(converted, terminal)

  const resetFiles =
    options.resetFiles &&
    resetFilesOf(options.resetFiles, bundle, {
      projectDirectory: converted.loaded.projectDirectory,
      cwd: terminal.cwd,
    })
  const display = displayFor(terminal)
  const session: Session = {
    options,
    terminal,
    display,
    signal: terminal.interruption(),
    local,
    ...(resetFiles && { resetFiles }),
    ...(git && { git }),
    history: converted.settings?.history ?? REVISIONS_KEPT,
    ...hooks,
  }
  try {
    return await deployUntilDecided(session, converted, bundle)
  } finally {
    display.close()
  }
}

/** Whether nothing of the project stops `up`: it has a bundle, and no drops that are dangerous and not accepted. */
function isDeployable({ result }: Converted): boolean {
  return (
    result?.bundle !== undefined && dangerousDrops(result.ledger, { uploads: true }).length === 0
  )
}

/** The outcome of work that is waited for later, or never. */
function settled<T>(work: Promise<T>): () => Promise<T> {
  work.catch(() => {})
  return () => work
}
