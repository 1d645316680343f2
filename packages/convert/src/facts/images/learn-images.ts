import { Buffer } from 'node:buffer'
import { type FileSystem, type Project, readWithin, type Service } from '@landfall/compose'
import type { Diagnostic } from '@landfall/diagnostic'
import {
  type AskImage,
  baseImageOf,
  dockerfileFacts,
  type ImageFacts,
  type ImageQuestion,
  isRemote,
  type Lock,
  parseBuildContext,
  parseDockerfile,
} from '@landfall/image'
import { LARGEST_DOCKERFILE } from '../mounts/sizes.ts'
import type { KnownImage } from './known-image.ts'
import { wellKnownFacts } from './well-known.ts'

export interface LearnInput {
  project: Project
  /** For Dockerfiles. */
  files: FileSystem
  /** Dockerfiles of builds whose contexts are addresses, by service; those that are not known are left out. */
  dockerfiles?: ReadonlyMap<string, string>
  /** What is known already. */
  lock: Lock
  /** Reads images that are not in the lock; none are read if omitted. */
  ask?: AskImage
  /** Also read images that are in the lock; what cannot be read stays as it is. */
  refresh?: boolean
}

export interface LearntImages {
  /** By service. */
  images: ReadonlyMap<string, KnownImage>
  /** With what was learnt. */
  lock: Lock
  /** Images whose facts are new or other than in the lock, sorted. */
  learnt: readonly string[]
  /** Images that could not be read, or not completely, sorted. */
  unread: readonly string[]
  diagnostics: readonly Diagnostic<'image/unknown-facts'>[]
}

/** Registries count requests, and a machine has so many connections. */
const AT_ONCE = 8

/** The metadata of each service's image: from the lock, from the registry, or from the Dockerfile that builds it. */
export async function learnImages({
  project,
  files,
  dockerfiles = new Map(),
  lock,
  ask,
  refresh = false,
}: LearnInput): Promise<LearntImages> {
  const sources = new Map<string, FactSource>()
  for (const [service, compose] of Object.entries(project.services).sort(([a], [b]) =>
    a < b ? -1 : 1,
  ))
    sources.set(service, sourceOf(compose, dockerfiles.get(service), files))
  const known = new Map(lock)
  const problems = new Map<string, string>()
  const learnt: string[] = []
  const local = new Set<string>()
  const open = questionsOf(sources.values()).filter(
    ({ image, accounts }) => refresh || !isAnswered(lock.get(image), accounts),
  )
  await inParallel(open, async (question) => {
    const { image } = question
    if (ask === undefined) {
      problems.set(image, lock.has(image) ? 'users not in landfall.lock' : NOT_LOCKED)
      return
    }
    const answer = await ask(question)
    if (!answer.ok) problems.set(image, answer.problem)
    else if (answer.unread !== undefined) problems.set(image, answer.unread)
    if (answer.ok && JSON.stringify(answer.facts) !== JSON.stringify(lock.get(image))) {
      known.set(image, answer.facts)
      if (answer.local === true) local.add(image)
      else learnt.push(image)
    }
  })
  for (const image of problems.keys()) {
    const facts = known.has(image) ? undefined : wellKnownFacts(image)
    if (facts !== undefined) known.set(image, facts)
  }
  const images = new Map(
    [...sources].map(([service, source]) => [service, knownImage(source, known, problems)]),
  )
  return {
    images,
    lock: withoutLocal(known, local, lock),
    learnt: learnt.sort(),
    unread: [...problems.keys()].sort(),
    diagnostics: tellUnknown(problems),
  }
}

/** What this machine alone has may be something else on the next one: the lock keeps what it had of it. */
function withoutLocal(known: Lock, local: ReadonlySet<string>, before: Lock): Lock {
  if (local.size === 0) return known
  return new Map(
    [...known].flatMap(([image, facts]) => {
      const kept = local.has(image) ? before.get(image) : facts
      return kept === undefined ? [] : [[image, kept] as const]
    }),
  )
}

/** Where the facts of a service's image come from. */
type FactSource =
  | { question: ImageQuestion }
  | { question?: ImageQuestion; build: (base: ImageFacts | undefined) => ImageFacts }
  | { unreadable: string }

function sourceOf(compose: Service, fetched: string | undefined, files: FileSystem): FactSource {
  const more = {
    ...(typeof compose.platform === 'string' ? { platform: compose.platform } : {}),
    ...(namesAccounts(compose) ? { accounts: true } : {}),
  }
  const { build, image } = compose
  if (build === undefined)
    return image === undefined ? { unreadable: 'no image name' } : { question: { image, ...more } }
  const remote = isRemote(parseBuildContext(build.context))
  const text = remote ? (build.dockerfile_inline ?? fetched) : dockerfileText(build, files)
  if (text === undefined)
    return {
      unreadable: remote ? 'its build context is not fetched' : 'Dockerfile cannot be read',
    }
  const dockerfile = parseDockerfile(text)
  const options = { ...(build.target ? { target: build.target } : {}), args: build.args ?? {} }
  const base = replacedBase(baseImageOf(dockerfile, options), build.additional_contexts)
  if (base === undefined) return { unreadable: 'no base image in the Dockerfile' }
  const facts = (from: ImageFacts | undefined) => dockerfileFacts(dockerfile, options, from)
  return base === 'scratch'
    ? { build: facts }
    : { question: { image: base, ...more }, build: facts }
}

/** A further context of the build may stand for the name behind FROM: another image, or something without facts. */
function replacedBase(base: string | undefined, contexts: unknown): string | undefined {
  const context = (contexts as Record<string, unknown> | undefined)?.[base ?? '']
  if (typeof context !== 'string') return base
  return /^docker-image:\/\/(.+)$/.exec(context)?.[1]
}

/** Docker's own rule: a user or group that is not a number is a name in the image's files. */
function namesAccounts({ user = '', group_add }: Service): boolean {
  const groups = Array.isArray(group_add) ? group_add.map(String) : []
  return [...user.split(':'), ...groups].some((name) => !/^(root|\d*)$/.test(name))
}

function dockerfileText(
  { context, dockerfile = 'Dockerfile', dockerfile_inline }: NonNullable<Service['build']>,
  files: FileSystem,
): string | undefined {
  if (dockerfile_inline !== undefined) return dockerfile_inline
  const path = dockerfile.startsWith('/') ? dockerfile : `${context}/${dockerfile}`
  const read = readWithin(files, path, LARGEST_DOCKERFILE)
  return 'bytes' in read ? Buffer.from(read.bytes).toString('utf8') : undefined
}

/** One question an image, whoever asks; sorted. */
function questionsOf(sources: Iterable<FactSource>): ImageQuestion[] {
  const questions = new Map<string, ImageQuestion>()
  for (const source of sources) {
    if (!('question' in source) || source.question === undefined) continue
    const { image } = source.question
    questions.set(image, { ...source.question, ...questions.get(image) })
  }
  return [...questions.values()].sort((a, b) => (a.image < b.image ? -1 : 1))
}

function isAnswered(facts: ImageFacts | undefined, accounts = false): boolean {
  if (facts === undefined || facts.from === 'table') return false
  return !accounts || facts.accounts !== undefined
}

function knownImage(source: FactSource, known: Lock, problems: Map<string, string>): KnownImage {
  if ('unreadable' in source) return { facts: {}, unknown: source.unreadable }
  const { question } = source
  const of = question === undefined ? undefined : known.get(question.image)
  const problem =
    question === undefined || isAnswered(of, question.accounts)
      ? undefined
      : problems.get(question.image)
  const unknown = (said: string) => (problem === undefined ? {} : { unknown: said + problem })
  const from = of?.from === 'table' ? ({ from: 'table' } as const) : {}
  return 'build' in source
    ? { facts: source.build(of), ...from, ...unknown(`of ${question?.image}: `) }
    : { facts: of ?? {}, ...from, ...unknown('') }
}

/** One message for all images: without a network, none of them can be read. */
function tellUnknown(problems: Map<string, string>): LearntImages['diagnostics'] {
  if (problems.size === 0) return []
  const byProblem = new Map<string, string[]>()
  for (const [image, problem] of [...problems].sort())
    byProblem.set(problem, [...(byProblem.get(problem) ?? []), image])
  const notLocked = byProblem.get(NOT_LOCKED)
  const ordered = [...byProblem].filter(([problem]) => problem !== NOT_LOCKED)
  if (notLocked !== undefined) ordered.push([NOT_LOCKED, notLocked])
  const sentences = ordered.map(
    ([problem, images]) =>
      `${images.length === 1 ? 'image' : 'images'} ${shortList(images)}: ${problem}`,
  )
  const advice = notLocked !== undefined ? ', which `landfall lock` writes' : ''
  return [
    {
      code: 'image/unknown-facts',
      severity: 'note',
      message: `no metadata (ports, health check, volumes) for ${sentences.join('; ')}${advice}`,
      path: '',
    },
  ]
}

const NOT_LOCKED = 'not in landfall.lock'

const MOST_SHOWN = 5

function shortList(images: readonly string[]): string {
  const rest = images.length - MOST_SHOWN
  return images.slice(0, MOST_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
}
