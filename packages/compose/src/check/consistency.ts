import type { Report } from '@landfall/diagnostic'
import { type ComposeCode, reportProblem } from '../codes.ts'
import { suggest } from '../schema/suggest.ts'
import {
  entrySpan,
  itemsAt,
  type MapNode,
  mapAt,
  type Node,
  spanOfNode,
  textAt,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { checkCycles } from './cycles.ts'
import { checkLimits } from './limits.ts'
import type { ServiceProblem } from './service-problem.ts'
import { checkTargets } from './targets.ts'
import { isTrue } from './values.ts'

/**
 * Checks that the services of a project fit together: everything they name exists, nothing contradicts itself.
 * `disabled` are the services that no active profile enables.
 */
export function checkConsistency(root: MapNode, disabled: MapNode, report: Report): void {
  const services = mapAt(root, 'services')
  for (const [name, service] of services?.entries ?? []) {
    if (service.kind !== 'map') continue
    const pointer = pointerTo('/services', name)
    const problem: ServiceProblem = (code, message, at, hint, related) =>
      reportProblem(report, {
        code,
        message,
        path: pointer + at.path,
        at: entrySpan(at.node) ?? entrySpan(service),
        hint,
        ...(related && { related: [related] }),
      })
    checkSource(name, service, problem)
    checkReferences(name, service, root, problem)
    checkServiceReferences(name, service, root, disabled, problem)
    checkLimits(name, service, problem)
    checkTargets(name, service, problem)
  }
  checkSecretSources(root, report)
  checkCycles(root, report)
}

function checkSource(name: string, service: MapNode, problem: ServiceProblem): void {
  const { entries } = service
  if (!service.incomplete && !['image', 'build', 'provider'].some((key) => entries.has(key)))
    problem(
      'compose/no-image',
      `the service "${name}" has neither image nor build`,
      { path: '', node: service },
      'set "image: name:tag" or "build: ./directory"',
    )
  const build = mapAt(service, 'build')
  if (build?.entries.has('dockerfile_inline') && build.entries.has('dockerfile'))
    problem(
      'compose/conflicting-keys',
      `the service "${name}" has both dockerfile and dockerfile_inline`,
      { path: '/build/dockerfile_inline', node: build.entries.get('dockerfile_inline') },
      'keep one of the two',
    )
  const platform = textAt(service, 'platform')
  const platforms = itemsAt(build, 'platforms').map((item) => textOf(item))
  if (platform !== undefined && platforms.length > 0 && !platforms.includes(platform))
    problem(
      'compose/conflicting-keys',
      `the platform "${platform}" of "${name}" is not in build.platforms`,
      { path: '/platform', node: entries.get('platform') },
      'add it to build.platforms',
    )
  const networks = mapAt(service, 'networks')
  if (entries.has('network_mode') && networks !== undefined && networks.entries.size > 0)
    problem(
      'compose/conflicting-keys',
      `the service "${name}" has both network_mode and networks`,
      { path: '/networks', node: networks },
      'keep one of the two',
    )
  const test = itemsAt(mapAt(service, 'healthcheck'), 'test')[0]
  if (test !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(textOf(test) ?? ''))
    problem(
      'compose/not-allowed-value',
      `the healthcheck of "${name}" begins with "${textOf(test)}"`,
      { path: '/healthcheck/test/0', node: test },
      'a list begins with CMD, CMD-SHELL or NONE; a plain text runs in a shell',
    )
}

interface Reference {
  readonly code: ComposeCode
  readonly section: string
  readonly kind: string
  readonly uses: readonly { readonly name: string; readonly path: string; readonly node: Node }[]
}

function checkReferences(
  name: string,
  service: MapNode,
  root: MapNode,
  problem: ServiceProblem,
): void {
  const keys = (section: string) =>
    [...(mapAt(service, section)?.entries ?? [])].map(([key, node]) => {
      return { name: key, path: pointerTo(`/${section}`, key), node }
    })
  const files = (holder: Node | undefined, key: string, prefix = '') =>
    itemsAt(holder, key).flatMap((item, index) => {
      const source = item.kind === 'map' ? item.entries.get('source') : undefined
      const path = `${prefix}/${key}/${index}`
      if (item.kind === 'map' && item.incomplete) return []
      return [{ name: textOf(source) ?? '', path, node: source ?? item }]
    })
  const volumes = itemsAt(service, 'volumes').flatMap((mount, index) => {
    const source = textAt(mount, 'source')
    return textAt(mount, 'type') === 'volume' && source
      ? [{ name: source, path: `/volumes/${index}`, node: mount }]
      : []
  })
  const references: Reference[] = [
    {
      code: 'compose/undefined-network',
      section: 'networks',
      kind: 'network',
      uses: service.entries.has('network_mode') ? [] : keys('networks'),
    },
    { code: 'compose/undefined-volume', section: 'volumes', kind: 'volume', uses: volumes },
    {
      code: 'compose/undefined-secret',
      section: 'secrets',
      kind: 'secret',
      uses: [...files(mapAt(service, 'build'), 'secrets', '/build'), ...files(service, 'secrets')],
    },
    {
      code: 'compose/undefined-config',
      section: 'configs',
      kind: 'config',
      uses: files(service, 'configs'),
    },
    { code: 'compose/undefined-model', section: 'models', kind: 'model', uses: keys('models') },
  ]
  for (const { code, section, kind, uses } of references) {
    const defined = mapAt(root, section)
    for (const use of uses) {
      if ((section === 'networks' || section === 'models') && use.name.startsWith('x-')) {
        problem(
          code,
          `the service "${name}" uses the ${kind} "${use.name}", which Docker Compose takes for an extension`,
          use,
          'rename it: services cannot use networks and models whose names begin with "x-"',
        )
        continue
      }
      if (defined?.entries.has(use.name) || defined?.incomplete || root.incomplete) continue
      const near = suggest(use.name, defined?.entries.keys() ?? [])
      const hint = near
        ? `did you mean "${near}"?`
        : `define it at the top level: "${section}: { ${use.name}: {} }"${kind === 'volume' ? `, or write "./${use.name}" for a directory` : ''}`
      problem(
        code,
        `the service "${name}" uses the ${kind} "${use.name}", which is not defined`,
        use,
        hint,
      )
    }
  }
}

function checkServiceReferences(
  name: string,
  service: MapNode,
  root: MapNode,
  disabled: MapNode,
  problem: ServiceProblem,
): void {
  const services = mapAt(root, 'services')
  const undefinedService = (other: string, path: string, node: Node, message: string) => {
    if (services?.incomplete || root.incomplete) return
    const profiles = itemsAt(disabled.entries.get(other), 'profiles').map((item) => textOf(item))
    if (disabled.entries.has(other))
      problem(
        'compose/disabled-service',
        `${message}, which no active profile enables`,
        { path, node },
        `enable it with --profile ${profiles[0]}`,
        { message: 'defined here', at: entrySpan(disabled.entries.get(other)) },
      )
    else {
      const near = suggest(other, services?.entries.keys() ?? [])
      const hint = near ? `did you mean "${near}"?` : undefined
      problem('compose/undefined-service', `${message}, which is not defined`, { path, node }, hint)
    }
  }
  for (const [other, dependency] of mapAt(service, 'depends_on')?.entries ?? []) {
    if (services?.entries.has(other)) continue
    const required = dependency.kind === 'map' ? dependency.entries.get('required') : undefined
    if (disabled.entries.has(other) && required?.kind === 'scalar' && required.value === false)
      continue
    undefinedService(
      other,
      pointerTo('/depends_on', other),
      dependency,
      `the service "${name}" depends on "${other}"`,
    )
  }
  for (const [key, context] of mapAt(mapAt(service, 'build'), 'additional_contexts')?.entries ??
    []) {
    const text = textOf(context) ?? ''
    if (!text.startsWith('service:')) continue
    const other = text.slice('service:'.length)
    const path = pointerTo('/build/additional_contexts', key)
    const target = services?.entries.get(other)
    if (target === undefined)
      undefinedService(
        other,
        path,
        context,
        `the service "${name}" uses "${other}" as a build context`,
      )
    else if (mapAt(target, 'build') === undefined)
      problem(
        'compose/undefined-service',
        `the service "${name}" uses "${other}" as a build context, which has no build`,
        { path, node: context },
      )
  }
}

/** A driver of Swarm does not make a secret for Compose. */
function checkSecretSources(root: MapNode, report: Report): void {
  for (const [name, secret] of mapAt(root, 'secrets')?.entries ?? []) {
    if (secret.kind !== 'map' || secret.incomplete || isTrue(secret.entries.get('external')))
      continue
    if (secret.entries.has('file') || secret.entries.has('environment')) continue
    reportProblem(report, {
      code: 'compose/missing-key',
      message: `the secret "${name}" needs "file" or "environment"`,
      path: pointerTo('/secrets', name),
      at: entrySpan(secret),
    })
  }
}

/** Checks that no two services claim one container name. */
export function checkContainerNames(root: MapNode, report: Report): void {
  const users = new Map<string, { service: string; node: Node }>()
  for (const [service, node] of mapAt(root, 'services')?.entries ?? []) {
    const nameNode = node.kind === 'map' ? node.entries.get('container_name') : undefined
    const name = textOf(nameNode)
    if (name === undefined || nameNode === undefined) continue
    const first = users.get(name)
    if (first === undefined) users.set(name, { service, node: nameNode })
    else
      reportProblem(report, {
        code: 'compose/duplicate-container-name',
        message: `the services "${first.service}" and "${service}" have the container name "${name}"`,
        path: `${pointerTo('/services', service)}/container_name`,
        at: spanOfNode(nameNode),
        related: [{ message: 'also here', at: spanOfNode(first.node) }],
        hint: 'set a different container_name for each, or remove it',
      })
  }
}
