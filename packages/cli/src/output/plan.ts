import { createHash } from 'node:crypto'
import {
  type ContainerPlan,
  describeStep,
  type FileContent,
  type FileMount,
  type Plan,
  type PlannedProbe,
  type PodPlan,
  type PublishedPort,
  remoteContexts,
  type ServicePlan,
  type VolumePlan,
} from '@landfall/convert'
import { ownValue } from '@landfall/diagnostic'
import type { PlanLine } from '../contract/plan.ts'
import type { Unversioned } from './print-line.ts'

type Service = PlanLine['services'][number]

/** A plan for programs: names, sizes and hashes, but no value that the project hands to a program. */
export function planLine(plan: Plan): Unversioned<PlanLine> {
  return {
    type: 'plan',
    project: plan.project,
    pods: plan.pods.map(podOf),
    services: plan.services.map((service) => serviceOf(service, plan)),
    volumes: plan.volumes.map(volumeOf),
    binds: plan.binds.map(({ because, ...bind }) => ({ ...bind, reason: reasonOf(because) })),
    external: plan.external.map(({ written, name, address, host }) => ({
      written,
      name,
      ...(address !== undefined && { address }),
      ...(host !== undefined && { host }),
    })),
    checks: plan.checks.map(({ name, withinMs, steps }) => ({
      name,
      withinSeconds: withinMs / 1_000,
      steps: steps.map((step) => ({
        kind: step.action.kind,
        ...(step.action.kind === 'command' && { service: step.action.service }),
        description: describeStep(step),
      })),
    })),
  }
}

function reasonOf({ code, text }: ServicePlan['kindBecause']): PlanLine['pods'][number]['reason'] {
  return { code, text }
}

function podOf(pod: PodPlan): PlanLine['pods'][number] {
  const { name, kind, kindBecause, replicas, rollout, job, services, steps, account } = pod
  return {
    name,
    kind,
    reason: reasonOf(kindBecause),
    replicas,
    ...(rollout && {
      strategy: rollout.strategy.type,
      strategyReason: reasonOf(rollout.because),
      ...(rollout.minReadySeconds !== undefined && { minReadySeconds: rollout.minReadySeconds }),
    }),
    ...(pod.drain && { drainSeconds: pod.drain.seconds }),
    ...(job && { job: { runs: job.runs, backoffLimit: job.backoffLimit } }),
    services,
    initContainers: steps.map(containerOf),
    containers: pod.containers.map(containerOf),
    ...(account !== undefined && { serviceAccount: account }),
  }
}

function containerOf({
  name,
  of,
  phase,
  image,
  sidecar,
}: ContainerPlan): PlanLine['pods'][number]['containers'][number] {
  return { name, service: of, phase, image, sidecar: sidecar === true }
}

function serviceOf(plan: ServicePlan, { pods }: Plan): Service {
  const { route, startup, readiness, liveness, oneShot } = plan
  const builtFrom = remoteContexts(plan.build)
  return {
    service: plan.service,
    name: plan.name,
    pod: pods.find(({ services }) => services.includes(plan.service))?.name ?? plan.name,
    reason: reasonOf(plan.kindBecause),
    image: plan.image,
    ...(plan.imageFrom && { imageMetadata: plan.imageFrom }),
    ...(builtFrom.length > 0 && {
      builtFrom: builtFrom.map(({ shown, ...rest }) => ({ context: shown, ...rest })),
    }),
    names: [...new Set(plan.names.map(({ name }) => name))],
    reach: { mode: plan.reach.mode, reason: reasonOf(plan.reach.because) },
    ports: plan.ports.map(({ port, protocol, because }) => ({
      port,
      protocol,
      reason: reasonOf(because),
    })),
    published: plan.published.map(publishedOf),
    ...(route && {
      route: {
        kind: route.kind,
        port: route.port,
        ...(route.host !== undefined && { host: route.host }),
        path: route.path,
      },
    }),
    entrypoint: plan.entrypoint !== null,
    command: plan.command !== null,
    environment: variablesOf(plan),
    files: plan.files.map(mountOf),
    volumes: plan.volumes.map(({ volume, target, readOnly, subPath, ephemeral }) => ({
      volume,
      target,
      readOnly,
      ...(subPath !== undefined && { subPath }),
      ephemeral,
      seeded: plan.seeds.includes(volume),
    })),
    scratch: plan.scratch.map(({ target, memory, sizeLimit }) => ({
      target,
      memory,
      ...(sizeLimit !== undefined && { sizeLimit }),
    })),
    hostPaths: plan.hostPaths.map(({ source, target, readOnly }) => ({ source, target, readOnly })),
    ...(startup && { startup: probeOf(startup) }),
    ...(readiness && { readiness: probeOf(readiness) }),
    ...(liveness && { liveness: probeOf(liveness) }),
    waitsFor: plan.gates.map(({ wait, on, because }) => ({
      on,
      test: wait.kind,
      reason: reasonOf(because),
    })),
    ...(oneShot && {
      oneShot: { neverExits: oneShot.neverExits, doneWhen: oneShot.doneWhen !== undefined },
    }),
    ...keptOf(plan),
  }
}

function keptOf({ keptWith = [], keptAlive, oneShot }: ServicePlan): Pick<Service, 'kept'> {
  const again = oneShot?.again !== undefined
  const alive = keptAlive !== undefined
  if (keptWith.length === 0 && !alive && !again) return {}
  return { kept: { restartsWith: keptWith.map(({ service }) => service), alive, again } }
}

function variablesOf(plan: ServicePlan): Service['environment'] {
  const { environment, secretVariables, secretReferences } = plan
  const names = new Set([...Object.keys(environment), ...Object.keys(secretReferences)])
  return [...names].sort().map((name) => {
    const reference = ownValue(secretReferences, name)
    if (reference !== undefined)
      return { name, from: 'existingSecret', secret: reference.secret, key: reference.key }
    return { name, from: secretVariables.includes(name) ? 'secret' : 'value' }
  })
}

function publishedOf(published: PublishedPort): Service['published'][number] {
  const { port, protocol, hostPort, nodePort, balanced } = published
  const number = hostPort ?? nodePort
  return {
    port,
    protocol,
    ...(published.published !== undefined && { published: published.published }),
    by: hostPort !== undefined ? 'HostPort' : balanced === true ? 'LoadBalancer' : 'NodePort',
    ...(number !== undefined && { number }),
  }
}

function mountOf(mount: FileMount): Service['files'][number] {
  const { target, from, tree, writable = false, external, fills, files } = mount
  return {
    target,
    from,
    directory: tree,
    writable,
    ...(external !== undefined && { existing: external }),
    ...(fills !== undefined && { fills: fills.volume }),
    files: files.map((file) => fileOf(file, from === 'secret' || file.secret === true)),
  }
}

/** A short secret could be guessed from its hash or its length. */
function fileOf(
  { path, mode, bytes }: FileContent,
  secret: boolean,
): Service['files'][number]['files'][number] {
  if (secret) return { path, mode, secret }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { path, mode, secret, size: bytes.length, sha256 }
}

function probeOf({
  action,
  because,
  period,
  timeout,
  failures,
}: PlannedProbe): NonNullable<Service['readiness']> {
  return {
    ...('exec' in action
      ? { action: 'exec' }
      : 'httpGet' in action
        ? { action: 'httpGet', port: action.httpGet.port }
        : { action: 'tcpSocket', port: action.tcpSocket.port }),
    reason: reasonOf(because),
    periodSeconds: period,
    timeoutSeconds: timeout,
    failureThreshold: failures,
  }
}

function volumeOf(volume: VolumePlan): PlanLine['volumes'][number] {
  const { claim, size, class: className, shared, external, mountedBy, source } = volume
  const on = source?.nfs !== undefined ? 'nfs' : source?.memory !== undefined ? 'memory' : 'claim'
  return {
    volume: volume.volume,
    on,
    ...(on === 'claim' && {
      claim: {
        name: claim,
        existing: external,
        ...(!external && { size }),
        ...(className !== undefined && { class: className }),
        readWriteMany: shared,
      },
    }),
    mountedBy,
  }
}
