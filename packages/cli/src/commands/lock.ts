import { createReadStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { guardedFiles } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { learnImages } from '@landfall/convert'
import { type Diagnostic, hasErrors } from '@landfall/diagnostic'
import {
  type AskImage,
  askHeldImages,
  type Lock,
  openImages,
  type ReadRange,
} from '@landfall/image'
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { fetchContexts } from '../images/build-contexts.ts'
import { readLock, writeLock } from '../images/lock-file.ts'
import { userRegistries } from '../images/registries.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { boundaryOf } from '../project/boundary.ts'
import { readProject } from '../project/load.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { printDiagnostics } from '../project/print-problems.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface LockOptions extends ProjectOptions {
  from?: string[]
  mirror?: string[]
}

/** Milliseconds. */
const LIMITS = { patience: 10_000, transfer: 900_000, context: 600_000 }

const collect = (value: string, before: string[] = []): string[] => [...before, value]

export function define(command: Command, terminal: Terminal): void {
  addOutput(addProject(command), terminal)
    .description(
      'Writes the metadata of each image of the project (ports, health check, volumes, user) to landfall.lock, next to the Compose file.',
    )
    .option(
      '--from <[image=]path>',
      'use images of an OCI layout or a docker save archive first; with image=, use its only image under that name',
      collect,
    )
    .option('--mirror <url>', 'mirror of Docker Hub to use first', collect)
    .addHelpText(
      'after',
      `
Commit the file: \`convert\`, \`plan\` and \`up\` then give the same result everywhere, without contacting registries. They add images
that are missing in the file; this command reads all of them again. It uses the credentials of docker login.`,
    )
    .action(async (place: string | undefined, options: LockOptions) => {
      terminal.exitCode = await lock(place, options, terminal)
    })
}

async function lock(
  place: string | undefined,
  { from = [], mirror = [], ...options }: LockOptions,
  terminal: Terminal,
): Promise<number> {
  const machine = nodeFiles()
  const loaded = readProject(place, options, terminal, machine)
  const { project, diagnostics, sources, projectDirectory } = loaded
  const tellDiagnostics = (found: readonly Diagnostic[]) =>
    printDiagnostics(found, sources, terminal)
  tellDiagnostics(diagnostics)
  if (project === undefined || hasErrors(diagnostics)) return EXIT.failed
  const boundary = boundaryOf(loaded.trusted, machine, terminal.env, true)
  const files = guardedFiles(machine, boundary.outside)
  const known = readLock(projectDirectory, terminal.cwd, files)
  tellDiagnostics(known.diagnostics)
  if (hasErrors(known.diagnostics)) return EXIT.failed

  const held = await Promise.all(from.map((place) => openHeld(place, terminal.cwd)))
  const ask = firstOf([...held, userRegistries(terminal.env, LIMITS, mirror)])
  const contexts = await fetchContexts(project, known.contexts, {
    ...{ env: terminal.env, refresh: true, time: LIMITS.context },
  })
  const { dockerfiles, recorded } = contexts
  const learnt = await learnImages({
    ...{ project, files, dockerfiles, lock: known.lock, ask, refresh: true },
  })
  if (learnt.learnt.length + contexts.learnt.length > 0)
    writeLock(loaded, learnt.lock, { oneShots: known.oneShots, contexts: recorded })
  const unread = [...contexts.diagnostics.map(asError), ...learnt.diagnostics.map(asFailure)]
  tellDiagnostics(unread)
  printLock(learnt.lock, known.lock, learnt.learnt, terminal)
  for (const key of terminal.output === 'json' ? [] : contexts.learnt)
    terminal.stdout.write(
      `${known.contexts.has(key) ? 'changed' : 'new'}  ${key}  ${recorded.get(key)}\n`,
    )
  return unread.length === 0 ? EXIT.done : EXIT.failed
}

/** A build context that cannot be fetched: what other commands can do without it does not matter here. */
function asError({ hint: _, ...unfetched }: Diagnostic): Diagnostic {
  return { ...unfetched, severity: 'error' }
}

/** What is a note for other commands is an error here. */
function asFailure(unknown: Diagnostic): Diagnostic {
  const hint =
    'log in with docker login, use a mirror with --mirror, or use a docker save archive with --from'
  return { ...unknown, severity: 'error', hint }
}

/** The first that has an image answers; where none has it, the last says why. */
function firstOf(asked: readonly AskImage[]): AskImage {
  return async (question) => {
    let problem = 'no source of images'
    for (const ask of asked) {
      const answer = await ask(question)
      if (answer.ok) return answer
      problem = answer.problem
    }
    return { ok: false, problem }
  }
}

/** `archive.tar`, `folder` or `redis:7=archive.tar`. */
async function openHeld(from: string, cwd: string): Promise<AskImage> {
  const at = from.lastIndexOf('=')
  const path = resolve(cwd, from.slice(at + 1))
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`no such file or directory: ${from.slice(at + 1)}`)
  if (!stat.isFile() && !stat.isDirectory())
    throw new UsageError(`${from.slice(at + 1)} is neither a file nor a directory`)
  const opened = await openImages(path, stat.isDirectory(), readRange)
  if (!opened.ok)
    throw new UsageError(`${from.slice(at + 1)} contains no images: ${opened.problem}`)
  return askHeldImages(opened.images, at === -1 ? undefined : from.slice(0, at))
}

const readRange: ReadRange = (path, range) =>
  createReadStream(path, range && { start: range.start, end: range.end - 1 })

function printLock(lock: Lock, before: Lock, learnt: readonly string[], terminal: Terminal): void {
  const images = learnt.map((image) => {
    const digest = lock.get(image)?.digest
    const state: 'changed' | 'new' = before.has(image) ? 'changed' : 'new'
    return { image, state, ...(digest !== undefined && { digest }) }
  })
  if (terminal.output === 'json') printLine({ type: 'lock', known: lock.size, images }, terminal)
  else {
    for (const { image, state, digest } of images)
      terminal.stdout.write(`${state}  ${image}  ${digest}\n`)
    const known = `${lock.size} image${lock.size === 1 ? '' : 's'}`
    if (lock.size > 0) terminal.stdout.write(`landfall.lock lists ${known}.\n`)
  }
}
