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
import { table } from './table.ts'
import { duration, workloadName } from './words.ts'

/** The result of `up` as people read it. */
export function renderVerdict(
  verdict: Verdict,
  images: readonly ImageSource[],
  project: { origins: Origins; sources: Sources },
  colour: Colour,
): string {
  const parts =
    verdict.failure === undefined
      ? [renderReady(verdict, colour)]
      : [renderFailure(verdict.failure, verdict.ms, project, colour)]
  const replaced = replacedImages(images)
  if (replaced.length > 0)
    parts.push(
      `${colour('bold', 'Images that are not the original ones:')}\n${table(
        replaced.map(({ image, detail }) => [image, detail]),
      )}`,
    )
  const missing = images.filter(({ from }) => from === 'missing')
  if (missing.length > 0)
    parts.push(
      `${colour('bold', 'Images that nobody has:')}\n${table(missing.map(({ image, detail }) => [image, detail]))}`,
    )
  return `${parts.join('\n\n')}\n`
}

/** The images that are something else than what their names say in the world. */
export function replacedImages(images: readonly ImageSource[]): ImageSource[] {
  return images.filter(({ from }) => from === 'package' || from === 'stand-in')
}

function renderReady({ ms, addresses }: Verdict, colour: Colour): string {
  const head = `${colour('good', 'Ready')} after ${duration(ms)}.`
  if (addresses.length === 0) return `${head} No service publishes a port.`
  const rows = addresses.map(({ service, url, answered, error }) => [
    service,
    url,
    answered ? '' : colour('warning', `no answer: ${error ?? 'unknown'}`),
  ])
  return `${head}\n\n${table(rows)}`
}

function renderFailure(
  failure: Failure,
  ms: number,
  { origins, sources }: { origins: Origins; sources: Sources },
  colour: Colour,
): string {
  const { object, pod, container, reason, message, exitCode, log = [], hint, also = [] } = failure
  const where =
    pod === undefined
      ? ''
      : `, pod ${pod}${container === undefined ? '' : `, container ${container}`}`
  const code =
    exitCode === undefined || reason.includes(String(exitCode)) ? '' : ` (exit code ${exitCode})`
  const at = sourceSpan(failure, origins)
  const diagnostic = renderDiagnostic(
    {
      code: `deploy/${reason
        .replace(/([a-z])([A-Z])/g, '$1-$2')
        .replace(/[^A-Za-z]+/g, '-')
        .replace(/^-|-$/g, '')
        .toLowerCase()}`,
      severity: 'error',
      message: `${workloadName(object)}: ${reason}${code}${where}`,
      path: '',
      ...(at !== undefined && { at }),
    },
    sources,
    colour,
  )
  const lines = [`${colour('error', 'Failed')} after ${duration(ms)}.`, '', diagnostic]
  if (message !== '' && message !== reason) lines.push(`  ${message}`)
  if (log.length > 0)
    lines.push('  last lines of its log:', ...log.map((line) => `  ${colour('dim', '|')} ${line}`))
  if (hint !== undefined) lines.push(`  ${colour('note', 'hint')}: ${hint}`)
  if (also.length > 0)
    lines.push(
      `  also in trouble: ${also.map((other) => `${workloadName(other.object)} (${other.reason})`).join(', ')}`,
    )
  return lines.join('\n')
}

/** Which key of a service is behind what a failure says, the first that matches. */
const KEYS_BEHIND: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^[^:]*image/i, ['image', 'build']],
  [/^OOM/, ['mem_limit', 'deploy']],
  [/probe failed/i, ['healthcheck']],
  [/^[^:]*(exit|crash)/i, ['command']],
]

/** The place in the Compose file that a failure is about: the key behind its reason where the service has it. */
function sourceSpan({ source, reason, message }: Failure, origins: Origins): Span | undefined {
  const pointer = source?.split('#')[1]
  if (pointer === undefined) return undefined
  const path = fromPointer(pointer)
  const keys = KEYS_BEHIND.find(([pattern]) => pattern.test(`${reason}: ${message}`))?.[1] ?? []
  for (const key of keys) {
    const found = toPointer([...path, key])
    if (origins.has(found)) return spanOf(origins, found)
  }
  return spanOf(origins, pointer)
}
