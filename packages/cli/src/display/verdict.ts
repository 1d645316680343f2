import type { Failure, Verdict } from '@landfall/deploy'
import {
  fromPointer,
  type Origins,
  renderDiagnostic,
  type Sources,
  type Span,
  spanOf,
  toPointer,
} from '@landfall/diagnostic'
import type { ImageSource } from '@landfall/local-cluster'
import type { Colour } from '../colour.ts'
import { programLine } from '../escapes.ts'
import { withoutCredentials } from '../output/credentials.ts'
import { renderChecks } from './checks.ts'
import { table } from './table.ts'
import { duration, workloadName } from './words.ts'

/** What is needed of a project to show the lines that a verdict is about. */
export interface VerdictProject {
  origins: Origins
  /** Of landfall.yaml. */
  settingsOrigins?: Origins
  sources: Sources
  /** Where a failure is in manifests, which are deployed without a project. */
  place?: (failure: Failure) => Span | undefined
}

/** The result of `up` as people read it. */
export function renderVerdict(
  verdict: Verdict,
  images: readonly ImageSource[],
  project: VerdictProject,
  colour: Colour,
): string {
  const parts =
    verdict.failure === undefined
      ? [renderReady(verdict, colour)]
      : [
          renderFailure(verdict.failure, verdict.ms, project, colour),
          ...renderBack(verdict, project, colour),
        ]
  const { checks, failure } = verdict
  if (checks !== undefined) parts.push(renderChecks(checks, colour, failure))
  const replaced = replacedImages(images)
  if (replaced.length > 0)
    parts.push(
      `${colour('bold', 'Replaced images:')}\n${table(
        replaced.map(({ image, detail }) => [image, detail]),
      )}`,
    )
  const missing = images.filter(({ from }) => from === 'missing')
  if (missing.length > 0)
    parts.push(
      `${colour('bold', 'Images not found:')}\n${table(missing.map(({ image, detail }) => [image, detail]))}`,
    )
  return `${parts.join('\n\n')}\n`
}

/** The images that are something else than what their names say in the world. */
export function replacedImages(images: readonly ImageSource[]): ImageSource[] {
  return images.filter(({ from }) => from === 'package' || from === 'stand-in')
}

function renderReady(verdict: Verdict, colour: Colour): string {
  const { ms, watchedMs = 0, addresses, untested, untestedEffects } = verdict
  const { unreachable = [], withoutMetrics = [] } = verdict
  const watched = watchedMs < 1_000 ? '' : ` Everything stayed up for ${duration(watchedMs)} more.`
  const nowhere = addresses.length === 0 ? ' No service publishes a port.' : ''
  const but = (what: string, why: string) => `${colour('warning', what)}: ${why}`
  const head = [
    `${colour('good', 'Ready')} after ${duration(ms)}.${watched}${nowhere}`,
    ...(untested === undefined
      ? []
      : [but('Not tested', `whether services answer each other inside the cluster: ${untested}`)]),
    ...(untestedEffects === undefined
      ? []
      : [but('Not tested', `whether what one-shots have done is still there: ${untestedEffects}`)]),
    ...unreachable.map(({ address, by }) =>
      but(
        'Not reachable',
        `${address}, outside of the project, does not accept connections from inside the cluster; ${by} connects to it`,
      ),
    ),
    ...withoutMetrics.map((service) =>
      but(
        'Not scaled',
        `the number of pods of ${service} does not change, because the cluster serves no metrics (metrics.k8s.io)`,
      ),
    ),
  ].join('\n')
  if (addresses.length === 0) return head
  const rows = addresses.map(({ service, port, url, answered, error }) => [
    service,
    port,
    url,
    answered ? '' : colour('warning', error ?? 'no answer'),
  ])
  return `${head}\n\n${table(rows)}`
}

/** What became of a revision that failed. */
function renderBack(
  { revision, back, notBack }: Verdict,
  project: VerdictProject,
  colour: Colour,
): string[] {
  const failed = revision === undefined ? 'What was deployed' : `Revision ${revision}`
  if (notBack !== undefined)
    return [
      `${failed} was not taken back: ${withoutCredentials(notBack)}. \`landfall logs\` and \`landfall status\` show it.`,
    ]
  if (back === undefined) return []
  const lasting = back.lasting.map((sentence) => `  not undone: ${sentence}`)
  if (back.failure === undefined)
    return [
      [
        `${colour('good', 'Back')} to revision ${back.to}: ready again after ${duration(back.ms)}.`,
        ...lasting,
      ].join('\n'),
    ]
  return [
    [`${colour('error', 'Going back')} to revision ${back.to} failed as well.`, ...lasting].join(
      '\n',
    ),
    // it is about an earlier revision, which the files of now do not have
    renderFailure(back.failure, back.ms, withoutPlace(project), colour),
  ]
}

function withoutPlace(project: VerdictProject): VerdictProject {
  return project.place === undefined ? project : { ...project, place: () => undefined }
}

function renderFailure(
  failure: Failure,
  ms: number,
  project: VerdictProject,
  colour: Colour,
): string {
  const { object, pod, container, reason, message, exitCode, log = [], hint, also = [] } = failure
  const where =
    pod === undefined
      ? ''
      : `, pod ${pod}${container === undefined ? '' : `, container ${container}`}`
  const ended =
    exitCode === undefined || reason.includes(String(exitCode)) ? '' : ` (exit code ${exitCode})`
  const at = project.place === undefined ? sourceSpan(failure, project) : project.place(failure)
  // without the files of the project, the line is that of the deploy
  const line = at === undefined && failure.at !== undefined ? ` (${failure.at})` : ''
  const diagnostic = renderDiagnostic(
    {
      code: failure.code,
      severity: 'error',
      message: `${workloadName(object)}: ${reason}${ended}${where}${line}`,
      path: '',
      ...(at !== undefined && { at }),
    },
    project.sources,
    colour,
  )
  const lines = [`${colour('error', 'Failed')} after ${duration(ms)}.`, '', diagnostic]
  if (message !== '' && message !== reason) lines.push(`  ${withoutCredentials(message)}`)
  if (log.length > 0)
    lines.push(
      '  last lines of its log:',
      ...log.map(
        (line) =>
          `  ${colour('dim', '|')} ${programLine(withoutCredentials(line), colour.wanted === true)}`,
      ),
    )
  if (hint !== undefined) lines.push(`  ${colour('note', 'hint')}: ${hint}`)
  if (also.length > 0)
    lines.push(
      `  other failures: ${also.map((other) => `${workloadName(other.object)} (${other.reason})`).join(', ')}`,
    )
  return lines.join('\n')
}

/** Where the line stands that decides what a failure is about: keys of the service, the first that the project has. */
const KEYS_BEHIND: Readonly<Record<NonNullable<Failure['about']>, readonly string[][]>> = {
  claim: [['class'], ['size'], ['driver']],
  command: [['command'], ['entrypoint']],
  cpu: [
    ['resources', 'cpu'],
    ['deploy', 'resources', 'reservations', 'cpus'],
    ['cpus'],
    ['deploy', 'resources', 'limits', 'cpus'],
  ],
  healthcheck: [['ready'], ['healthcheck']],
  image: [['image'], ['build']],
  memory: [
    ['resources', 'memory'],
    ['deploy', 'resources', 'reservations', 'memory'],
    ['mem_reservation'],
    ['mem_limit'],
    ['deploy', 'resources', 'limits', 'memory'],
    ['deploy'],
  ],
  placement: [['deploy', 'placement'], ['platform']],
  ports: [['ports'], ['expose']],
  volumes: [['volumes']],
}

/** The place in the project that a failure is about: landfall.yaml where it decides, else the key of the Compose file. */
function sourceSpan(
  { source, about }: Failure,
  { origins, settingsOrigins }: Pick<VerdictProject, 'origins' | 'settingsOrigins'>,
): Span | undefined {
  const pointer = source?.split('#')[1]
  if (pointer === undefined) return undefined
  if (pointer.startsWith('/checks/'))
    return settingsOrigins === undefined ? undefined : spanOf(settingsOrigins, pointer)
  const path = fromPointer(pointer)
  for (const keys of about === undefined ? [] : KEYS_BEHIND[about]) {
    const found = toPointer([...path, ...keys])
    for (const known of [settingsOrigins, origins])
      if (known?.has(found)) return spanOf(known, found)
  }
  return spanOf(origins, pointer)
}
