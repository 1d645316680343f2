import { join } from 'node:path/posix'
import type { Project, Service } from '@landfall/compose'
import type { LandfallFile } from '../landfall-file.ts'

/** The files of the settings without those that only services elsewhere mount. */
export function filesOfSite(
  files: NonNullable<LandfallFile['files']>,
  services: readonly string[],
  project: Project,
  projectDirectory: string,
): NonNullable<LandfallFile['files']> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => {
      const absolute = path.startsWith('/') ? path : join(projectDirectory, path)
      const mounting = Object.entries(project.services)
        .filter(([, service]) => sourcesOf(service, project).some((one) => covers(one, absolute)))
        .map(([name]) => name)
      return mounting.length === 0 || mounting.some((name) => services.includes(name))
    }),
  )
}

function covers(source: string, path: string): boolean {
  return path === source || path.startsWith(`${source.replace(/\/$/, '')}/`)
}

/** Paths of this machine that a service mounts. */
function sourcesOf(service: Service, project: Project): string[] {
  const binds = (service.volumes ?? []).flatMap((one) =>
    one.type === 'bind' && one.source !== undefined ? [one.source] : [],
  )
  const named = (['configs', 'secrets'] as const).flatMap((kind) =>
    ((service[kind] ?? []) as { source?: string }[]).flatMap(({ source }) => {
      const file = (project[kind] as Record<string, { file?: string }> | undefined)?.[source ?? '']
        ?.file
      return file === undefined ? [] : [file]
    }),
  )
  return [...binds, ...named]
}
