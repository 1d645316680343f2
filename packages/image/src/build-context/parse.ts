import { createHash } from 'node:crypto'
import { parseFragment, parseQuery } from './git-options.ts'

/** A Git repository as the context of a build. */
export interface GitContext {
  kind: 'git'
  url: string
  /** A branch, a tag, a full ref or a commit; the default branch if omitted. */
  ref?: string
  /** Of the repository, without `/` at either end; its root if omitted. */
  subdirectory?: string
  /** For messages: without passwords and queries. */
  shown: string
  /** What a lock file records its commit under: the repository and the ref, without secrets. */
  key: string
}

/** An archive, or a Dockerfile alone, as the context of a build. */
export interface DownloadContext {
  kind: 'download'
  url: string
  /** For messages: without passwords and queries. */
  shown: string
  /** What a lock file records its digest under, without secrets. */
  key: string
}

export type RemoteContext = GitContext | DownloadContext

/** What `context` and each of `additional_contexts` of a build can be. */
export type BuildContext =
  | { kind: 'directory'; path: string }
  | { kind: 'image'; image: string }
  | { kind: 'service'; service: string }
  | RemoteContext
  | { kind: 'invalid'; shown: string; problem: string; hint: string }

/**
 * Reads a build context as Docker's builder does. What it cannot fetch, or what would run a program of this machine
 * (`ext::`, `file://`), is `invalid`. https://docs.docker.com/build/concepts/context/#remote-context
 */
export function parseBuildContext(text: string): BuildContext {
  const [, scheme = '', rest = ''] = /^([a-z][a-z+-]*):(?:\/\/)?(.+)$/i.exec(text) ?? []
  if (text.startsWith('docker-image://')) return { kind: 'image', image: rest }
  if (text.startsWith('service:')) return { kind: 'service', service: rest }
  if (/^github\.com\//.test(text)) return gitContext(`https://${text}`)
  if (/^git@[^/:]+:/.test(text)) return gitContext(text)
  if (!/^[a-z][a-z+-]*:(?::|\/\/)/i.test(text)) return { kind: 'directory', path: text }
  switch (scheme.toLowerCase()) {
    case 'git':
    case 'ssh':
      return gitContext(text)
    case 'http':
    case 'https':
      return ofWeb(text)
    default:
      return invalid(
        text,
        `build contexts of the kind ${scheme} are not fetched`,
        'use https, ssh or a directory',
      )
  }
}

/** Whether a context has to be fetched before a build. */
export function isRemote(context: BuildContext): context is RemoteContext {
  return context.kind === 'git' || context.kind === 'download'
}

/** A context for messages: addresses without what may be secret. */
export function shownContext(text: string): string {
  const context = parseBuildContext(text)
  return 'shown' in context ? context.shown : text
}

/** A web address is a repository if its path ends with `.git`. */
function ofWeb(text: string): BuildContext {
  const url = urlOf(text)
  if (url === undefined) return notAnAddress(text)
  if (/\.git$/.test(url.pathname)) return gitContext(text)
  const [, owner, repository, more] = url.pathname.split('/')
  if (/^(?:www\.)?(?:github|gitlab)\.com$/.test(url.hostname) && owner && repository && !more)
    return invalid(
      text,
      `${shownUrl(text)} is a web page`,
      `write https://${url.hostname}/${owner}/${repository}.git${url.hash}`,
    )
  url.hash = ''
  const shown = shownUrl(url.href)
  return { kind: 'download', url: url.href, shown, key: shown.replace('?…', hashed(url.search)) }
}

function gitContext(text: string): BuildContext {
  const [, address = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(text) ?? []
  const isScp = /^git@/.test(address)
  const url = isScp ? undefined : urlOf(address)
  if (!isScp && (url === undefined || url.hostname.startsWith('-'))) return notAnAddress(text)
  const options = url?.search ? parseQuery(url.searchParams) : parseFragment(fragment)
  if (url?.search && fragment !== '')
    return invalid(text, 'a ref is given after ? and after #', 'use one of them')
  if (typeof options === 'string') return invalid(text, options, 'write REPOSITORY#REF:DIRECTORY')
  if (url !== undefined) url.search = ''
  const plain = url?.href ?? address
  const shown = shownUrl(plain)
  const { ref, subdirectory } = options
  const ofRef = ref === undefined ? '' : `#${ref}`
  const below = subdirectory === undefined ? '' : `${ofRef === '' ? '#' : ''}:${subdirectory}`
  return {
    kind: 'git',
    url: plain,
    ...options,
    shown: `${shown}${ofRef}${below}`,
    key: `${shown}${ofRef}`,
  }
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** The text of an address without what may be secret: users and passwords of web addresses, and queries. */
export function shownUrl(text: string): string {
  return text
    .replace(/^([a-z][a-z+-]*:\/\/)([^/@]*)@/i, (_, scheme: string, user: string) =>
      /^https?:/i.test(scheme) ? `${scheme}…@` : `${scheme}${user.replace(/:.*$/s, ':…')}@`,
    )
    .replace(/\?[^#]*/, '?…')
}

/** Tells addresses apart that differ in their queries, which may hold keys. */
function hashed(query: string): string {
  return `?${createHash('sha256').update(query).digest('hex').slice(0, 12)}`
}

function notAnAddress(text: string): BuildContext {
  return invalid(text, `${shownUrl(text)} is not a valid address`, 'use https, ssh or a directory')
}

function invalid(text: string, problem: string, hint: string): BuildContext {
  return { kind: 'invalid', shown: shownUrl(text), problem, hint }
}
