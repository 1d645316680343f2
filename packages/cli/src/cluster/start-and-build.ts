import type { ImageBuild } from '@landfall/kube'
import type { Cluster, ClusterOptions } from '@landfall/local-cluster'
import type { Display } from '../display/display.ts'
import { BuildFailed } from '../errors.ts'
import type { ProjectBuilds } from './builds/project-builds.ts'
import { type Meanwhile, startLocal } from './local.ts'

/** What a project needs of a cluster that may not run yet. */
export interface Needed {
  /** Images that it names. */
  images: readonly string[]
  builds: readonly ImageBuild[]
}

/**
 * Starts the local cluster if it does not run. What needs only its registries is done meanwhile, beside the compiler where Kubernetes is built: images that
 * only packages can provide, and the builds of the project. Throws BuildFailed as soon as a build fails.
 */
export async function startAndBuild(
  options: ClusterOptions,
  display: Display,
  projectBuilds: ProjectBuilds,
  { images, builds }: Needed,
): Promise<Cluster> {
  if (builds.length === 0) return startLocal(options, display, { images })
  let onRegistries: NonNullable<Meanwhile['onRegistries']> = () => {}
  const built = new Promise<void>((resolve, reject) => {
    onRegistries = (registries, ended) => {
      // The cause is why the cluster does not start, not the builds that fail with it.
      const fail = (error: Error) => {
        if (!ended.aborted) reject(error)
      }
      projectBuilds.run(builds, registries).then((all) => {
        const failed = all.find(({ outcome }) => !outcome.ok)?.outcome
        if (failed?.ok === false) fail(new BuildFailed(failed))
        else resolve()
      }, fail)
    }
  })
  const [cluster] = await Promise.all([
    startLocal(options, display, { images, onRegistries }),
    built,
  ])
  return cluster
}
