import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { placeOf } from '../binds/places.ts'
import { mostCopies } from '../most-copies.ts'
import { mountsOf, type ServiceMount } from './mounts-of.ts'

/** Directories that a build makes, or that may be empty at any time. */
const REMADE =
  /\/(node_modules|bower_components|vendor|\.?venv|\.next|\.nuxt|\.svelte-kit|\.gradle|\.m2|\.cargo|\.pnpm-store|\.yarn|dist|build|target|out|obj|__pycache__|\.?cache|te?mp)(\/|$)|^\/(var\/)?run(\/|$)/i

/** Whether nothing is lost if a directory is empty at the next start. */
export function isRemade(path: string): boolean {
  return REMADE.test(path)
}

/**
 * Whether what is written to an anonymous volume has to outlive the pod: Docker Compose hands the volume to the container
 * that replaces another one. One below another mount keeps a part of the image from being hidden; each copy of a service,
 * and each run of a one-shot, has its own.
 */
export function outlivesPod(
  conversion: Conversion,
  service: ServiceConversion,
  { mount: { target } }: ServiceMount,
): boolean {
  const { kind } = service.plan
  if (
    kind === 'Job' ||
    kind === 'DaemonSet' ||
    kind === 'StatefulSet' ||
    mostCopies(service.plan) > 1
  )
    return false
  if (isRemade(target)) return false
  const place = placeOf(target)
  if (place === 'state') return true
  if (place === 'config' || place === 'static') return false
  return !mountsOf(conversion, service).some(
    ({ mount }) =>
      mount.target !== target && target.startsWith(`${mount.target.replace(/\/$/, '')}/`),
  )
}
