import { isAbsolute, join } from 'node:path/posix'
import type { Build } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'
import { isRemote, parseBuildContext } from '@landfall/image'
import type { BuildSecret, ImageBuild } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { whySecret } from '../../facts/secret-variables.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { checkBuildFiles } from './check-files.ts'
import { reason } from './reasons.ts'

/** Keys of `build` that the builds of the bundle carry. */
const BUILT = new Set([
  ...['context', 'dockerfile', 'dockerfile_inline', 'args', 'target', 'additional_contexts'],
  ...['ssh', 'extra_hosts', 'shm_size', 'ulimits'],
])

/** Keys that decide how the image is built, and not what is in it. */
const CACHE = new Set([
  ...['cache_from', 'cache_to', 'no_cache', 'no_cache_filter', 'pull', 'isolation'],
])

/** Keys that decide what is written about the image. */
const METADATA = new Set(['labels', 'tags', 'provenance', 'sbom', 'attest'])

/** Plans the build of an image, and notes each of its keys. */
export function planBuild(conversion: Conversion, service: ServiceConversion, build: Build): void {
  const { plan, note } = service
  checkBuildFiles(conversion, service, build)
  const secrets = secretsOf(conversion, build)
  plan.build = toImageBuild(conversion, service, build, secrets)
  for (const [keys, text] of contextsOf(build)) checkContext(conversion, service, keys, text)
  reportSecretArguments(conversion, service, build)
  const lost = secrets.some((secret) => secret === undefined)
  for (const key of Object.keys(build))
    note(
      ['build', key],
      key === 'secrets' ? secretReason(plan.image, lost) : reasonOf(service, build, key),
    )
}

function secretReason(image: string, lost: boolean): Reason {
  return lost ? reason('build-option') : reason('built', { image })
}

/** Reports arguments that look like secrets: a builder writes their values into the history of the image. */
function reportSecretArguments(
  { report, settings }: Conversion,
  { at }: ServiceConversion,
  build: Build,
): void {
  for (const [name, value] of Object.entries(build.args ?? {})) {
    const why = whySecret(name, value, settings.secrets)
    if (why === undefined) continue
    report({
      code: 'convert/secret-build-argument',
      severity: 'warning',
      message: `the build argument ${name} looks like a secret${why.by === 'value' ? ` (${why.what})` : ''}: its value is kept in the image, where everyone who has the image can read it`,
      path: at('build', 'args', name),
      hint: `use build.secrets, and RUN --mount=type=secret,id=${name} in the Dockerfile`,
    })
  }
}

/** Each context of a build, with the keys that name it. */
function contextsOf(build: Build): [keys: string[], text: string][] {
  return [
    [['build', 'context'], build.context],
    ...Object.entries(textsOf(build.additional_contexts)).map(
      ([name, text]): [string[], string] => [['build', 'additional_contexts', name], text],
    ),
  ]
}

/** Reports a context that no builder can fetch. */
function checkContext(
  { report }: Conversion,
  { at }: ServiceConversion,
  keys: readonly string[],
  text: string,
): void {
  const context = parseBuildContext(text)
  if (context.kind === 'invalid')
    report({
      code: 'convert/build-context',
      severity: 'error',
      message: `the image cannot be built: ${context.problem}`,
      path: at(...keys),
      hint: context.hint,
    })
}

function reasonOf({ plan }: ServiceConversion, build: Build, key: string): Reason {
  const { image } = plan
  const context = parseBuildContext(build.context)
  if (key === 'context' && context.kind === 'invalid') return reason('invalid-context')
  if (key === 'context' && isRemote(context)) {
    const revision = plan.build?.revisions?.[build.context]
    const { shown } = context
    return revision === undefined
      ? reason('remote-context', { image, context: shown })
      : reason('built-at', { image, context: shown, revision })
  }
  if (BUILT.has(key)) return reason('built', { image })
  if (CACHE.has(key)) return reason('build-cache')
  if (METADATA.has(key)) return reason('build-metadata')
  if (key === 'platforms') return reason('build-platforms')
  if (key === 'network' && build.network === 'default') return reason('built', { image })
  if (key === 'network' && build.network === 'host') return reason('build-host-network', { image })
  return reason('build-option')
}

function toImageBuild(
  { contexts: known, projectDirectory }: Conversion,
  { service, plan, compose }: ServiceConversion,
  build: Build,
  secrets: readonly (BuildSecret | undefined)[],
): ImageBuild {
  const contexts = textsOf(build.additional_contexts)
  const mounted = secrets.filter((secret) => secret !== undefined)
  const ssh = listOf(build.ssh).map((one) => String(one).replace(/^([^:=\s]+)\s*[:=]\s*/, '$1='))
  const hosts = listOf(build.extra_hosts).map((one) => String(one).replace('=', ':'))
  const ulimits = limitsOf(build.ulimits)
  // Docker builds the platform that a service runs on, if it names one.
  const platforms = compose.platform === undefined ? build.platforms : [compose.platform]
  const caches = (value: unknown) => listOf(value).map((one) => cacheOf(one, projectDirectory))
  const [cacheFrom, cacheTo] = [caches(build.cache_from), caches(build.cache_to)]
  const revisions = Object.fromEntries(
    contextsOf(build).flatMap(([, text]) => {
      const revision = known?.get(text)
      return revision === undefined ? [] : [[text, revision]]
    }),
  )
  return {
    service,
    image: plan.image,
    context: build.context,
    ...(build.dockerfile === undefined
      ? {}
      : { dockerfile: inContext(build.context, build.dockerfile) }),
    ...(build.dockerfile_inline === undefined ? {} : { dockerfileInline: build.dockerfile_inline }),
    ...(build.target === undefined ? {} : { target: build.target }),
    args: build.args ?? {},
    ...(Object.keys(contexts).length === 0 ? {} : { contexts }),
    ...(Object.keys(revisions).length === 0 ? {} : { revisions }),
    ...(mounted.length === 0 ? {} : { secrets: mounted }),
    ...(ssh.length === 0 ? {} : { ssh }),
    ...(hosts.length === 0 ? {} : { hosts }),
    ...(build.shm_size === undefined ? {} : { shmSize: String(build.shm_size) }),
    ...(ulimits.length === 0 ? {} : { ulimits }),
    ...(listOf(platforms).length === 0 ? {} : { platforms: listOf(platforms).map(String) }),
    ...(cacheFrom.length === 0 ? {} : { cacheFrom }),
    ...(cacheTo.length === 0 ? {} : { cacheTo }),
  }
}

/** Each secret of a build, by the id under which RUN mounts it; undefined for one without content. */
function secretsOf(
  { project, projectDirectory, environment }: Conversion,
  { secrets }: Build,
): (BuildSecret | undefined)[] {
  return listOf(secrets).map((reference) => {
    const { source = '', target } = reference as { source?: string; target?: string }
    const { file, environment: variable, content } = ownValue(project.secrets, source) ?? {}
    const value = content ?? ownValue(environment, variable ?? '')
    const id = target ?? source
    if (file !== undefined)
      return { id, from: { file: isAbsolute(file) ? file : join(projectDirectory, file) } }
    return value === undefined ? undefined : { id, from: { value } }
  })
}

/** `nofile=1024:2048`, as builders take it. */
function limitsOf(ulimits: unknown): string[] {
  return Object.entries((ulimits ?? {}) as Record<string, unknown>).map(([name, limit]) => {
    const { soft, hard } = typeof limit === 'object' ? (limit as Record<string, unknown>) : {}
    return `${name}=${soft ?? limit}:${hard ?? limit}`
  })
}

/** A cache with its directory (`src`, `dest`) as an absolute path: builders run elsewhere. */
function cacheOf(value: unknown, projectDirectory: string): string {
  const attribute = /^(src|dest)=(.*)$/
  return String(value)
    .split(',')
    .map((part) => {
      const [, key, path = ''] = attribute.exec(part) ?? []
      return key === undefined || isAbsolute(path) ? part : `${key}=${join(projectDirectory, path)}`
    })
    .join(',')
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: unknown): Record<string, string> {
  return (value ?? {}) as Record<string, string>
}

/** Compose reads a relative path of a Dockerfile from the build context. */
function inContext(context: string, path: string): string {
  return isRemote(parseBuildContext(context)) || path.startsWith('/') ? path : `${context}/${path}`
}
