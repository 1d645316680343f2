import { readFile } from 'node:fs/promises'
import { pushImage } from '@landfall/image'
import type { ClusterOptions, ImageSource, Progress } from '../contract.ts'
import { registryWriter } from '../control-plane/registry-writer.ts'
import { asStep } from '../host/step.ts'
import { programLayer, standInImage } from './image.ts'
import { standInProgram } from './program.ts'
import { readRoles } from './read-roles.ts'

/**
 * Makes an image of each role in a directory and pushes it into the cluster's own registry under the real image's name,
 * where nodes look first. Throws InvalidRoles, CommandFailed with the output of `go build`, or an Error with the registry's answer.
 */
export async function loadStandIns(
  options: Pick<ClusterOptions, 'name' | 'cacheDirectory' | 'stateDirectory'>,
  directory: string,
  progress: Progress,
): Promise<ImageSource[]> {
  const roles = await readRoles(directory)
  const writer = registryWriter(options)
  const program = await programLayer(
    await readFile(await standInProgram(options.cacheDirectory, progress)),
  )
  return asStep(progress, `loading ${roles.length} stand-ins`, async (report) => {
    const sources: ImageSource[] = []
    for (const { file, role } of roles) {
      const layersOf = roles[0]?.role.image ?? role.image
      const image = { ...(await standInImage(role, program)), layersOf }
      const digest = await pushImage(writer.registry, role.image, image, writer.fetch)
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
