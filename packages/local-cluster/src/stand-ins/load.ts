import { readFile } from 'node:fs/promises'
import { pushImage } from '@landfall/image'
import type { Cluster, ClusterOptions, ImageSource, Progress } from '../contract.ts'
import { asStep } from '../host/step.ts'
import { programLayer, standInImage } from './image.ts'
import { standInProgram } from './program.ts'
import { readRoles } from './read-roles.ts'

/**
 * Makes an image of each role in a directory and pushes it into the cluster's own registry under the real image's name,
 * where nodes look first. Throws InvalidRoles, CommandFailed with the output of `go build`, or an Error with the registry's answer.
 */
export async function loadStandIns(
  cluster: Pick<Cluster, 'registry'>,
  options: Pick<ClusterOptions, 'cacheDirectory'>,
  directory: string,
  progress: Progress,
): Promise<ImageSource[]> {
  const roles = await readRoles(directory)
  const program = await programLayer(
    await readFile(await standInProgram(options.cacheDirectory, progress)),
  )
  return asStep(progress, `loading ${roles.length} stand-ins`, async (report) => {
    const sources: ImageSource[] = []
    for (const { file, role } of roles) {
      const layersOf = roles[0]?.role.image ?? role.image
      const image = { ...(await standInImage(role, program)), layersOf }
      const digest = await pushImage(cluster.registry, role.image, image)
      report(role.image)
      sources.push({
        image: role.image,
        from: 'stand-in',
        digest,
        detail: `stand-in with the role ${role.role} of ${file}`,
      })
    }
    return sources
  })
}
