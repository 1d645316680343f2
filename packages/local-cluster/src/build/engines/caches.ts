import type { ImageBuild } from '@landfall/kube'
import type { Engine } from './engine.ts'

/**
 * The options for the caches of a build, which only change how long it takes. BuildKit (Docker with buildx, nerdctl) takes all of them; Docker
 * without it takes names of images only. Podman has caches of another format, and gets none.
 */
export function cacheOptions(
  { cacheFrom = [], cacheTo = [] }: ImageBuild,
  { name, buildx }: Pick<Engine, 'name' | 'buildx'>,
): string[] {
  const option = (key: string, values: readonly string[]) => values.flatMap((value) => [key, value])
  if (name === 'nerdctl' || (name === 'docker' && buildx))
    return [...option('--cache-from', cacheFrom), ...option('--cache-to', cacheTo)]
  if (name === 'docker') return option('--cache-from', cacheFrom.filter(isImage))
  return []
}

/** The same for BuildKit's own client, which knows no names of images in the place of a type. */
export function importOptions({ cacheFrom = [], cacheTo = [] }: ImageBuild): string[] {
  const typed = (value: string) => (isImage(value) ? `type=registry,ref=${value}` : value)
  return [
    ...cacheFrom.flatMap((value) => ['--import-cache', typed(value)]),
    ...cacheTo.flatMap((value) => ['--export-cache', typed(value)]),
  ]
}

function isImage(cache: string): boolean {
  return !cache.includes('=')
}
