import { maskText } from '@landfall/diagnostic'
import { printWait } from '@landfall/kube'
import { renderKeptEffect } from '../adaptations/keeper/render-keeper.ts'
import { remoteContexts } from '../facts/images/remote-contexts.ts'
import { listPorts, spanText } from '../facts/ports/port-ranges.ts'
import type { Effect } from '../settings/landfall-file.ts'
import { hasNames } from './names.ts'
import type {
  FileMount,
  Plan,
  PlannedPort,
  PlannedProbe,
  Reach,
  Rights,
  ServicePlan,
} from './plan.ts'
import { renderPublished, renderRoute } from './render-published.ts'
import { joined, pairs, type Row } from './rows.ts'

/** What is decided for the container of a service; what is as usual is left out. */
export function serviceRows(service: ServicePlan, plan: Plan): Row[] {
  const { kind, names, ports, gates, hooks, resources } = service
  return [
    [
      'image',
      joined([
        service.image,
        service.build && 'built before it is deployed',
        ...remoteContexts(service.build).map(
          ({ shown, revision }) =>
            `from ${shown} ${revision === undefined ? 'as it is then' : `at ${revision}`}`,
        ),
        service.imageFrom && 'not read: users and volumes from the table of well-known images',
      ]),
    ],
    ['pulled', service.pullPolicy === 'IfNotPresent' ? [] : [service.pullPolicy]],
    ['program', renderProgram(service)],
    ['variables', renderVariables(service)],
    ['runs as', renderUser(service.rights)],
    ['rights', renderRights(service.rights)],
    ['requests', joined(pairs(resources.requests ?? {}))],
    ['limits', joined(pairs(resources.limits ?? {}))],
    ['names', hasNames(service) ? [[...new Set(names.map(({ name }) => name))].join(', ')] : []],
    ['numbered', renderIdentity(service)],
    ['for gates', joined([service.readyService?.name])],
    ['in turn', renderShared(service, plan)],
    ['network', service.cutOff === undefined ? [] : ['cut off by a NetworkPolicy']],
    ['reached', kind !== 'Job' || ports.length > 0 ? [renderReach(service)] : []],
    ['itself', joined(service.ownNames ?? [])],
    ['sticky', service.sticky === undefined ? [] : ['by the address of the client']],
    ['ports', [...renderPorts(ports), ...service.unlisted.map(renderUnlisted)]],
    [
      'published',
      [
        ...renderPublished(service.published),
        ...(service.route === undefined ? [] : [renderRoute(service.route)]),
      ],
    ],
    [
      'waits for',
      gates.map(({ wait, because }) => `${maskText(printWait(wait))}  ${because.text}`),
    ],
    ['ready when', renderReadiness(service)],
    ['alive while', renderAlive(service)],
    ['restarts', renderRestarts(service)],
    ['done when', renderDone(service.oneShot)],
    [
      'hooks',
      joined([hooks.afterStart && 'after its start', hooks.beforeStop && 'before its stop']),
    ],
    ['files', [...service.files.map(renderFiles), ...renderFileValues(service)]],
    [
      'volumes',
      service.volumes.map(({ volume, target, readOnly, subPath }) =>
        [
          `${volume} at ${target}`,
          ...(subPath === undefined ? [] : [`subPath ${subPath}`]),
          ...(readOnly ? ['read-only'] : []),
          ...(service.seeds.includes(volume) ? ['first filled from the image'] : []),
        ].join(', '),
      ),
    ],
    [
      'scratch',
      service.scratch.flatMap(({ target, memory, sizeLimit, mode, owner }) =>
        joined([
          target,
          memory && 'in memory',
          sizeLimit && `at most ${sizeLimit}`,
          mode === undefined ? undefined : `mode ${mode.toString(8)}`,
          owner && `owner ${owner}`,
        ]),
      ),
    ],
    [
      'of its node',
      [
        ...service.hostPaths.map(
          ({ source, target, readOnly }) =>
            `${source} at ${target}${readOnly ? ', read-only' : ''}`,
        ),
        ...service.devices.map(({ source, target }) => `${source} at ${target}`),
      ],
    ],
  ]
}

/** Neither entrypoint nor command is printed: they may hold passwords. */
function renderProgram({ entrypoint, command, workingDir, tty, stdin }: ServicePlan): string[] {
  const cleared = entrypoint?.length === 0
  const own = [
    ...(entrypoint === null || cleared ? [] : ['entrypoint']),
    ...(command === null || command.length === 0 ? [] : ['command']),
  ]
  return joined([
    cleared && 'no entrypoint',
    own.length > 0 && `the ${own.join(' and ')} of the project`,
    workingDir && `in ${workingDir}`,
    tty && 'with a terminal',
    stdin && 'with standard input',
  ])
}

/** Values are not printed. */
function renderVariables(service: ServicePlan): string[] {
  const { environment, secretVariables, secretReferences } = service
  const references = Object.entries(secretReferences)
  const count = new Set([...Object.keys(environment), ...Object.keys(secretReferences)]).size
  return count === 0
    ? []
    : joined([
        String(count),
        secretVariables.length > 0 && `of a Secret: ${secretVariables.join(' ')}`,
        ...references.map(([name, { secret, key }]) => `${name} of the Secret ${secret} (${key})`),
      ])
}

function renderUser({ runAsUser, runAsGroup }: Rights): string[] {
  if (runAsUser === undefined) return []
  return [`user ${runAsUser}${runAsGroup === undefined ? '' : `, group ${runAsGroup}`}`]
}

function renderRights(rights: Rights): string[] {
  const { add = [], drop = [] } = rights.capabilities ?? {}
  return joined([
    rights.privileged && 'privileged',
    rights.readOnlyRootFilesystem && 'read-only root file system',
    rights.allowPrivilegeEscalation === false && 'no privilege escalation',
    add.length > 0 && `capabilities ${add.join(' ')}`,
    drop.length > 0 && `without ${drop.join(' ')}`,
    rights.seccompProfile && `seccomp ${rights.seccompProfile.type}`,
    rights.appArmorProfile &&
      `AppArmor ${rights.appArmorProfile.localhostProfile ?? rights.appArmorProfile.type}`,
    rights.seLinuxOptions && `SELinux ${pairs(rights.seLinuxOptions).join(' ')}`,
  ])
}

/** Names that other services answer to as well. */
function renderShared({ service }: ServicePlan, { sharedNames }: Plan): string[] {
  return sharedNames
    .filter(({ services }) => services.includes(service))
    .map(
      ({ name, services }) =>
        `${name}, with ${services.filter((other) => other !== service).join(', ')}`,
    )
}

const REACHED: Readonly<Record<Reach['mode'], string>> = {
  ready: 'when ready',
  always: 'ready or not',
  pods: 'as pods, ready or not, on every port',
}

function renderReach({ reach: { mode, because }, byAddress }: ServicePlan): string {
  const where = byAddress === true ? ', at the addresses of its pods' : ''
  return `${REACHED[mode]}${where}, because ${because.text}`
}

/** Neighbours that are known for one reason in one line. */
function renderPorts(ports: readonly PlannedPort[]): string[] {
  const reasons = [...new Set(ports.map(({ because }) => because.text))]
  return reasons.flatMap((because) =>
    listPorts(ports.filter((port) => port.because.text === because)).map(
      (listed) => `${listed}  ${because}`,
    ),
  )
}

function renderUnlisted({ first, last, protocol }: ServicePlan['unlisted'][number]): string {
  return `${spanText(first, last)}/${protocol.toLowerCase()}  at the addresses of the pods: too many for a Service`
}

function renderProbe({ action, because, period }: PlannedProbe): string {
  const what =
    'exec' in action
      ? maskText(action.exec.command.join(' '))
      : 'httpGet' in action
        ? `${action.httpGet.scheme.toLowerCase()}://:${action.httpGet.port}${maskText(action.httpGet.path)}`
        : `port ${action.tcpSocket.port} accepts connections`
  return `${what}  ${because.text}, every ${period} s`
}

function renderReadiness({ readiness, unhealthyAfter }: ServicePlan): string[] {
  return readiness === undefined
    ? []
    : joined([
        renderProbe(readiness),
        unhealthyAfter === undefined ? undefined : `unhealthy after ${unhealthyAfter} s`,
      ])
}

function renderAlive({ liveness, keptAlive }: ServicePlan): string[] {
  if (keptAlive !== undefined) return [`${renderKeptEffect(keptAlive)}, tested by the keeper`]
  return liveness === undefined ? [] : [renderProbe(liveness)]
}

function renderRestarts({ keptWith = [] }: ServicePlan): string[] {
  const names = keptWith.map(({ service }) => service)
  return names.length === 0 ? [] : [`with ${names.join(', ')}, by the keeper`]
}

function renderDone(oneShot: ServicePlan['oneShot']): string[] {
  const { doneWhen, neverExits, again } = oneShot ?? {}
  return joined([
    doneWhen && renderEffect(doneWhen),
    neverExits && 'it never exits',
    again && 'runs again when it is gone, by the keeper',
  ])
}

/** An effect in the words of landfall.yaml. */
function renderEffect(effect: Effect): string {
  return Object.entries(effect)
    .map(([key, value]) => `${key} ${renderEffectValue(value)}`)
    .join(', ')
}

function renderEffectValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value !== 'object' || value === null) return maskText(String(value))
  if ('secret' in value) return `of the Secret ${value.secret}`
  return `{ ${renderEffect(value)} }`
}

/** The numbers of copies, what they are in, and the ports of each copy. */
function renderIdentity({ identity, replicas }: ServicePlan): string[] {
  if (identity === undefined) return []
  const { from, most, names, env, file, ports } = identity
  return [
    ...joined([
      replicas === 0 ? `from ${from}` : `${from} to ${from + replicas - 1}`,
      most > replicas && `names up to ${from + most - 1}`,
      `reached as ${names.join(' and ')}`,
      env && `in the variable ${env}`,
      file && `in the file ${file}`,
    ]),
    ...ports.map(
      ({ base, protocol, offered }) =>
        `port ${base} + identity/${protocol.toLowerCase()}, ${offered === 'inside' ? 'inside of the cluster' : offered}`,
    ),
  ]
}

const PARTS_OF_PODS = {
  ip: 'IP address',
  name: 'name',
  node: 'node',
  nodeAddress: 'address of the node',
  number: 'number',
}

/** What the pod writes into its files when it starts. */
function renderFileValues({ fileValues }: ServicePlan): string[] {
  return fileValues.length === 0
    ? []
    : [
        `completed when a pod starts, with ${fileValues
          .map((value) =>
            'secret' in value
              ? `${value.key} of the Secret ${value.secret}`
              : `the ${PARTS_OF_PODS[value.pod]} of the pod`,
          )
          .join(', ')}`,
      ]
}

function renderFiles({ target, tree, files, writable, owner, fills, external }: FileMount): string {
  const count = fills?.upload?.files ?? files.length
  const [text = ''] = joined([
    tree ? `${target}/ (${count} ${count === 1 ? 'file' : 'files'})` : target,
    fills && `content of ${fills.volume}`,
    writable && 'a copy for each pod',
    owner && `owner ${owner}`,
    external && `from ${external}, which must exist`,
  ])
  return text
}
