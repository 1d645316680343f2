import type { FileContent, FileMount, ServicePlan } from '../../plan/plan.ts'

/**
 * Where something else is mounted inside of a tree, the tree needs a file or a directory there: a container runtime
 * cannot make one in what is read-only. The other mount hides it.
 */
export function addMountPoints(plan: ServicePlan): void {
  const directories = [
    ...plan.files.filter(({ tree, fills }) => tree && fills === undefined),
    ...plan.volumes.filter(({ file }) => file === undefined),
    ...plan.scratch,
  ].map(({ target }) => target)
  const single = [
    ...plan.files.filter(({ tree }) => !tree),
    ...plan.volumes.filter(({ file }) => file === true),
  ].map(({ target }) => target)
  for (const mount of plan.files) {
    if (!mount.tree || mount.fills !== undefined) continue
    for (const target of directories)
      addPoint(mount, target, (path) => `${path}/.mount-point`, existsAsDirectory)
    for (const target of single)
      addPoint(
        mount,
        target,
        (path) => path,
        (files, path) => files.some((f) => f.path === path),
      )
  }
}

function addPoint(
  mount: FileMount,
  target: string,
  fileAt: (path: string) => string,
  exists: (files: readonly FileContent[], path: string) => boolean,
): void {
  const root = mount.target.replace(/\/$/, '')
  if (!target.startsWith(`${root}/`)) return
  const path = target.slice(root.length + 1).replace(/\/$/, '')
  if (path === '' || exists(mount.files, path)) return
  mount.files = [...mount.files, { path: fileAt(path), bytes: new Uint8Array(), mode: 0o444 }]
}

function existsAsDirectory(files: readonly FileContent[], path: string): boolean {
  return files.some((file) => file.path.startsWith(`${path}/`))
}
