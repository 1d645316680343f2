import { relative } from 'node:path'
import type { DeployEvent, Drift } from '@landfall/deploy'
import { withoutCredentials } from '../output/credentials.ts'

/** A path relative to `cwd` if it is below it, else the absolute path. */
export function shortPath(cwd: string, path: string): string {
  const below = relative(cwd, path)
  return below.startsWith('..') ? path : below
}

/** Wall time for people: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

const WORKLOAD = /^(deployment|statefulset|daemonset|job|cronjob|pod)\//

/** Whether an object runs something, so that people wait for it. */
export function isWorkload(object: string): boolean {
  return WORKLOAD.test(object)
}

/** Whether waits for an object are displayed: a workload, the namespace, a published port, a check, the cluster. */
export function isWaitedFor(object: string): boolean {
  return isWorkload(object) || /^(check|namespace|port|cluster|lease|secret)\//.test(object)
}

/** What people call a workload: a Deployment by its name alone, others with their kind, a Job without the hash of its name. */
export function workloadName(object: string): string {
  const [kind, name = ''] = object.split('/')
  if (kind === 'deployment') return name
  if (kind === 'cluster') return kind
  if (kind === 'lease') return 'release'
  if (kind === 'secret') return 'history'
  if (kind === 'check') return `check ${name}`
  if (kind === 'port') return name.replace(/-[^-]*$/, '')
  return `${name.replace(/-[0-9a-f]{10}$/, '')} (${kind})`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g

/** A text of others (a probe's output, an event) as one line without colours and secrets. */
export function oneLine(text: string): string {
  return withoutCredentials(text.replace(ESCAPES, '')).replace(/\s+/g, ' ').trim()
}

/** "ready", with the time where there was something to wait for. */
export function readyAfter(ms: number): string {
  return ms < 100 ? 'ready' : `ready after ${duration(ms)}`
}

/** "copying ./media: 12 of 120 MiB". */
export function copyNote({
  tree,
  state,
  bytes,
  total,
}: Extract<DeployEvent, { type: 'copy' }>): string {
  const size = (count: number): string => (count / 1024 / 1024).toFixed(1)
  return state === 'done'
    ? `copied ${oneLine(tree)}: ${size(bytes)} MiB`
    : `copying ${oneLine(tree)}: ${size(bytes)} of ${size(total)} MiB`
}

/** "3 files of ./config were changed by the program and are kept", with what to do. */
export function keptNote({ tree, files }: Extract<DeployEvent, { type: 'kept' }>): string {
  const [first] = files
  const what =
    files.length === 1 && first !== undefined
      ? `${oneLine(first.path)} was ${first.why.startsWith('deleted') ? 'deleted by the program and stays deleted' : 'changed by the program and is kept'}`
      : `${files.length} files of ${oneLine(tree)} were changed by the program and are kept`
  return `${what} (landfall up --reset-files ${oneLine(tree)} takes the project's)`
}

/** "deployment/web: kubectl-edit has added spec.template.spec.containers[web].env[DEBUG]; it stays", with what removes it. */
export function addedNote({ object, field = '', manager = 'another tool' }: Drift): string {
  return `${object}: ${oneLine(manager)} has added ${oneLine(field)}; it stays (landfall up --force-conflicts removes it)`
}

/** "deployment/web: spec.replicas was changed by kubectl-scale (2026-01-31T10:00:00Z)" */
export function driftNote({ object, change, field = '', manager, at }: Drift): string {
  if (change === 'missing') return `${object} is missing`
  const who = manager === undefined ? '' : ` by ${oneLine(manager)}`
  const when = at === undefined ? '' : ` (${oneLine(at)})`
  return `${object}: ${oneLine(field)} was ${change}${who}${when}`
}

/** "going back to revision 3". */
export function backNote({ to }: Extract<DeployEvent, { type: 'back' }>): string {
  return `going back to revision ${to}, which was ready`
}

/** "14 objects: 3 created, 11 unchanged"; undefined when there is nothing to say. */
export function planSummary({ operations }: Extract<DeployEvent, { type: 'plan' }>): string {
  const words = {
    create: 'to create',
    update: 'to update',
    replace: 'to replace',
    delete: 'to delete',
    unchanged: 'unchanged',
    keep: 'no longer in the project, kept',
  }
  const parts = Object.entries(words)
    .map(([verb, word]) => ({ word, count: operations.filter((one) => one.verb === verb).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
  return `${operations.length} ${operations.length === 1 ? 'object' : 'objects'}: ${parts.join(', ')}`
}
