import { posix } from 'node:path'
import { toPointer } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { placeOf } from '../../facts/binds/places.ts'
import { imageKey } from '../../facts/images/known-image.ts'
import { isRemade } from '../../facts/mounts/anonymous.ts'
import { isCacheOnly } from '../../facts/mounts/cache-only.ts'
import type { VolumeMount } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** Every path at which the project mounts something into the container. */
function mountedPaths({ compose, plan }: ServiceConversion): Set<string> {
  const declared = (compose.volumes ?? []).map(({ target }) => target)
  const memory = (compose.tmpfs ?? []).map((entry) => entry.split(':')[0] ?? entry)
  const planned = [...plan.files, ...plan.volumes, ...plan.scratch].map(({ target }) => target)
  return new Set([...declared, ...memory, ...planned].map(cleanPath))
}

function cleanPath(path: string): string {
  return posix.resolve('/', path)
}

/** The volume that a path lies in, the nearest where volumes lie in volumes. */
function volumeAround(volumes: readonly VolumeMount[], path: string): VolumeMount | undefined {
  return volumes
    .filter(({ target }) => path.startsWith(`${cleanPath(target)}/`))
    .sort((a, b) => b.target.length - a.target.length)[0]
}

/**
 * A volume of the image where the project mounts nothing. Inside of a volume of the project it is a folder of that one:
 * Docker would put an anonymous volume there, and a runtime would hide what the project's volume has at the path.
 */
function planVolumes(service: ServiceConversion, { ledger }: Conversion): void {
  const { plan, image } = service
  if (plan.kind === 'Job') return
  const mounted = mountedPaths(service)
  const declared = [...plan.volumes]
  for (const written of image.facts.volumes ?? []) {
    const target = cleanPath(written)
    if (mounted.has(target) || target === '/') continue
    const around = volumeAround(declared, target)
    ledger.amend(
      imageKey(service),
      around === undefined
        ? reason(isCacheOnly(service) ? 'cache' : 'pod-volume', { path: target })
        : reason('inside-volume', { path: target, volume: around.volume }),
    )
    if (around === undefined)
      plan.volumes.push({
        volume: `image${target.replaceAll('/', '-')}`,
        target,
        readOnly: false,
        copyContent: true,
        ephemeral: true,
      })
    else
      plan.volumes.push({
        ...around,
        target,
        subPath: posix.join(around.subPath ?? '', posix.relative(around.target, target)),
        copyContent: false,
      })
  }
}

/** Names what programs keep in directories that end with the pod, in one line for all services. */
function reportLost({ services, report }: Conversion): void {
  const lost = services.flatMap((one) => {
    const { service, plan } = one
    return plan.kind === 'Job' || isCacheOnly(one)
      ? []
      : plan.volumes
          .filter(
            ({ ephemeral, readOnly, target }) =>
              ephemeral &&
              !readOnly &&
              placeOf(target) === 'state' &&
              !isRemade(target) &&
              !/\/logs?$/.test(target) &&
              !isUnused(one, target),
          )
          .map(({ target }) => ({ service, target }))
  })
  const [first] = lost
  if (first === undefined) return
  const places = lost.map(({ service, target }) => `${target} of ${service}`)
  report({
    code: 'convert/lost-with-pod',
    severity: 'warning',
    message: `no volume of the project keeps ${listed(places)}: what programs write there is lost with the pod`,
    path: toPointer(['services', first.service]),
    hint: `add one: volumes: ["${first.service}-data:${first.target}"]`,
  })
}

/** The image of MongoDB declares a directory that its configuration servers alone use. */
function isUnused({ compose }: ServiceConversion, target: string): boolean {
  return target === '/data/configdb' && !(compose.command ?? []).join(' ').includes('configsvr')
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export default {
  id: 'image-defaults',
  reasons: reason,
  title: 'Mount the volumes that an image declares',
  plan(conversion) {
    for (const service of conversion.services) planVolumes(service, conversion)
    reportLost(conversion)
  },
} satisfies Adaptation
