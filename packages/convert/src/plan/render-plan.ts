import { renderKeeper } from '../adaptations/keeper/render-keeper.ts'
import type { BindPlan, ExternalPlan, Plan, PodPlan, ServicePlan, VolumePlan } from './plan.ts'
import { renderChecks } from './render-checks.ts'
import { podRows } from './render-pod.ts'
import { serviceRows } from './render-service.ts'
import { layOut } from './rows.ts'

/** What was decided for each pod and why, as text for a terminal. */
export function renderPlan(plan: Plan): string {
  const blocks = [
    `project ${plan.project}`,
    ...plan.pods.map((pod) => renderPod(pod, plan)),
    ...plan.binds.map((bind) => renderBind(bind, plan)),
    ...plan.volumes.map(renderVolume),
    ...plan.external.map(renderExternal),
    ...renderKeeper(plan),
    ...renderChecks(plan.checks),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** A pod of one container in one block, one of several with a block for each. */
function renderPod(pod: PodPlan, plan: Plan): string {
  const { kind, kindBecause, replicas, scale } = pod
  const members = pod.services.flatMap(
    (key) => plan.services.find(({ service }) => service === key) ?? [],
  )
  const count = scale === undefined ? replicas : `${scale.min} to ${scale.max}`
  const pods =
    (kind === 'Deployment' || kind === 'StatefulSet') && count !== 1 ? `, ${count} pods` : ''
  const head = `${pod.service}: ${kind}${pods}, because ${kindBecause.text}`
  const [own, ...others] = members as [ServicePlan, ...ServicePlan[]]
  if (others.length === 0)
    return [head, ...layOut([...serviceRows(own, plan), ...podRows(pod)], '  ')].join('\n')
  const blocks = members.flatMap((service) => [
    `  ${service.service}${placeOf(service)}`,
    ...layOut(serviceRows(service, plan), '    '),
  ])
  return [`pod ${head}`, ...layOut(podRows(pod), '  '), ...blocks].join('\n')
}

function placeOf({ pod, oncePerPod, kindBecause }: ServicePlan): string {
  if (pod === undefined) return ''
  return `: ${oncePerPod === undefined ? 'in the' : 'once in each'} pod of ${pod}, because ${kindBecause.text}`
}

/** What becomes of a bind and why; where it is mounted, and which part of it if not the whole. */
function renderBind({ path, as, because, volume, mounts }: BindPlan, plan: Plan): string {
  const claim = plan.volumes.find((one) => one.volume === volume)?.claim
  const what = {
    storage: `storage on claim ${claim}`,
    config: 'configuration',
    image: 'in the image',
    host: 'of the host',
  }[as]
  const mounted = mounts.map((mount) =>
    [
      `${mount.service} at ${mount.target}`,
      ...(mount.path === path ? [] : [mount.path]),
      ...(mount.readOnly ? ['read-only'] : []),
    ].join(', '),
  )
  return [
    `bind ${path}: ${what}, because ${because.text}`,
    ...layOut([['mounted by', mounted]], '  '),
  ].join('\n')
}

function renderVolume(volume: VolumePlan): string {
  return [
    `volume ${volume.volume}: ${whereOf(volume)}`,
    ...layOut([['mounted by', [volume.mountedBy.join(', ')]]], '  '),
  ].join('\n')
}

function whereOf({ claim, size, class: ofClass, shared, external, source }: VolumePlan): string {
  if (source?.nfs !== undefined) return `the NFS share ${source.nfs.server}:${source.nfs.path}`
  if (source?.memory !== undefined) return 'a directory in memory in each pod'
  const what = external ? `the claim ${claim}, which must exist` : `claim ${claim} of ${size}`
  const named = ofClass === undefined ? '' : `, StorageClass ${ofClass}`
  return `${what}${named}${shared ? ', ReadWriteMany' : ''}`
}

function renderExternal({ written, name, address, host, ports }: ExternalPlan): string {
  const listed = ports.map(
    ({ port, to, protocol }) =>
      `${port}${port === to ? '' : ` to ${to}`}/${protocol.toLowerCase()}`,
  )
  return [
    `external ${written}: ${host ?? address ?? 'no address'}`,
    ...layOut(
      [
        ['names', written === name ? [] : [name]],
        ['ports', listed],
      ],
      '  ',
    ),
  ].join('\n')
}
